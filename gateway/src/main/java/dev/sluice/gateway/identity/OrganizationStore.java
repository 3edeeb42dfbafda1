package dev.sluice.gateway.identity;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Row;
import io.r2dbc.spi.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.organization}. */
final class OrganizationStore {

    private static final String INSERT = """
            insert into identity.organization (id, name, parent_id, depth, created_at) values ($1, $2, $3, $4, $5)
            on conflict (id) do nothing""";

    private static final String FIND = """
            select id, name, parent_id, depth, created_at from identity.organization where id = $1""";

    /** Those one belongs to: itself and those right below. */
    private static final String LIST = """
            select id, name, parent_id, depth, created_at from identity.organization
            where (id = $1 or parent_id = $1) and id < $2
            order by id desc limit $3""";

    /** Changes nothing when the organization exists. */
    Mono<Void> insert(Connection connection, Organization organization) {
        OrganizationId parent = organization.parent();
        Statement statement = connection
                .createStatement(INSERT)
                .bind(0, organization.id().value())
                .bind(1, organization.name())
                .bind(3, (short) organization.depth())
                .bind(4, organization.createdAt().atOffset(ZoneOffset.UTC));
        Statement bound = parent == null ? statement.bindNull(2, UUID.class) : statement.bind(2, parent.value());
        return Flux.from(bound.execute()).concatMap(Result::getRowsUpdated).then();
    }

    Mono<Optional<Organization>> find(Connection connection, OrganizationId id) {
        return read(connection.createStatement(FIND).bind(0, id.value()))
                .next()
                .map(Optional::of)
                .defaultIfEmpty(Optional.empty());
    }

    /** An organization and those right below it. */
    Mono<List<Organization>> list(Connection connection, OrganizationId id, Page page) {
        return read(connection
                        .createStatement(LIST)
                        .bind(0, id.value())
                        .bind(1, page.before())
                        .bind(2, page.rows()))
                .collectList();
    }

    private static Flux<Organization> read(Statement statement) {
        return Rows.all(statement, OrganizationStore::organization);
    }

    private static Organization organization(Row row) {
        UUID parent = row.get("parent_id", UUID.class);
        return new Organization(
                new OrganizationId(Columns.required(row, "id", UUID.class)),
                Columns.required(row, "name", String.class),
                parent == null ? null : new OrganizationId(parent),
                Columns.required(row, "depth", Short.class),
                Columns.required(row, "created_at", Instant.class));
    }
}
