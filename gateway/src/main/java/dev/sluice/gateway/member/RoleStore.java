package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.util.List;
import java.util.Optional;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.role}. */
final class RoleStore {

    /** Most roles of its own that an organization has. */
    static final int MOST = 100;

    private static final String LIST =
            "select name, permissions from identity.role where organization_id = $1 order by name";

    /** Nobody changes it until the transaction ends, so that what it means now is what is given. */
    private static final String FIND =
            "select name, permissions from identity.role where organization_id = $1 and name = $2 for share";

    private static final String LOCK =
            "select name, permissions from identity.role where organization_id = $1 and name = $2 for update";

    private static final String INSERT = """
            insert into identity.role (organization_id, name, permissions) values ($1, $2, $3)
            on conflict (organization_id, name) do nothing""";

    private static final String UPDATE =
            "update identity.role set permissions = $3 where organization_id = $1 and name = $2";

    private static final String DELETE_INVITATIONS = """
            delete from identity.invitation where organization_id = $1 and own_role = $2 and expires_at < now()""";

    private static final String DELETE = "delete from identity.role where organization_id = $1 and name = $2";

    Mono<List<OwnRole>> list(Connection connection, OrganizationId organization) {
        return read(connection.createStatement(LIST).bind(0, organization.value()))
                .collectList();
    }

    Mono<Optional<OwnRole>> find(Connection connection, OrganizationId organization, String name) {
        return read(connection
                        .createStatement(FIND)
                        .bind(0, organization.value())
                        .bind(1, name))
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    /** Nobody else looks at it to give it, or changes it, until the transaction ends. */
    Mono<Optional<OwnRole>> lock(Connection connection, OrganizationId organization, String name) {
        return read(connection
                        .createStatement(LOCK)
                        .bind(0, organization.value())
                        .bind(1, name))
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    /** False when there is one of that name by now. */
    Mono<Boolean> insert(Connection connection, OrganizationId organization, OwnRole role) {
        return put(connection.createStatement(INSERT), organization, role).map(rows -> rows > 0);
    }

    Mono<Void> update(Connection connection, OrganizationId organization, OwnRole role) {
        return put(connection.createStatement(UPDATE), organization, role).then();
    }

    private static Mono<Long> put(Statement statement, OrganizationId organization, OwnRole role) {
        String[] permissions =
                role.grant().permissions().stream().map(Permission::id).toArray(String[]::new);
        return Rows.written(
                statement.bind(0, organization.value()).bind(1, role.name()).bind(2, permissions));
    }

    /** A conflict when somebody has it, or is invited to yet. */
    Mono<Void> delete(Connection connection, OrganizationId organization, String name) {
        return Rows.written(connection
                        .createStatement(DELETE_INVITATIONS)
                        .bind(0, organization.value())
                        .bind(1, name))
                .then(Rows.written(connection
                        .createStatement(DELETE)
                        .bind(0, organization.value())
                        .bind(1, name)))
                .then();
    }

    private static OwnRole role(Row row) {
        return new OwnRole(
                Columns.required(row, "name", String.class),
                Grant.stored(null, List.of(Columns.required(row, "permissions", String[].class))));
    }

    private static Flux<OwnRole> read(Statement statement) {
        return Rows.all(statement, RoleStore::role);
    }
}
