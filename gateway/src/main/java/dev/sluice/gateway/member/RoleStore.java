package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.lookup.Columns;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
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

    private static final String PUT = """
            insert into identity.role (organization_id, name, permissions) values ($1, $2, $3)
            on conflict (organization_id, name) do update set permissions = excluded.permissions""";

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

    Mono<Void> put(Connection connection, OrganizationId organization, OwnRole role) {
        String[] permissions =
                role.grant().permissions().stream().map(Permission::id).toArray(String[]::new);
        return update(connection
                        .createStatement(PUT)
                        .bind(0, organization.value())
                        .bind(1, role.name())
                        .bind(2, permissions))
                .then();
    }

    /** A conflict when somebody has it, or is invited to. */
    Mono<Void> delete(Connection connection, OrganizationId organization, String name) {
        return update(connection
                        .createStatement(DELETE)
                        .bind(0, organization.value())
                        .bind(1, name))
                .then();
    }

    private static OwnRole role(Row row) {
        return new OwnRole(
                Columns.required(row, "name", String.class),
                Grant.stored(null, List.of(Columns.required(row, "permissions", String[].class))));
    }

    private static Flux<OwnRole> read(Statement statement) {
        return Flux.from(statement.execute()).concatMap(result -> result.map((row, metadata) -> role(row)));
    }

    private static Mono<Long> update(Statement statement) {
        return Flux.from(statement.execute()).concatMap(Result::getRowsUpdated).reduce(0L, Long::sum);
    }
}
