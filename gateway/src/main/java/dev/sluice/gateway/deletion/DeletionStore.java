package dev.sluice.gateway.deletion;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.gateway.lookup.Rows;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.Page;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The SQL of {@code identity.deletion}, in transactions of the organization where nothing else is said. */
final class DeletionStore {

    private static final String LOCK = """
            select name, parent_id, closed_at is not null as closed,
                exists (select from identity.organization b where b.parent_id = o.id) as has_children
            from identity.organization o where o.id = $1 for update of o""";

    private static final String CLOSE = "update identity.organization set closed_at = $2 where id = $1";

    private static final String INSERT = """
            insert into identity.deletion (organization_id, requested_by, requested_at, due_at, token_hash)
            values ($1, $2, $3, $4, $5)""";

    private static final String CALL_OFF =
            "update identity.deletion set phase = 'reopening' where organization_id = $1 and phase = 'waiting'";

    private static final String FIND = "select organization_id from identity.find_deletion($1)";

    private static final String LIST = """
            select organization_id, name, requested_by, requested_at, due_at, phase from identity.deletions($1, $2)""";

    /** An organization whose row is locked, so that none is made below it. */
    record Locked(String name, @Nullable OrganizationId parent, boolean closed, boolean hasChildren) {}

    Mono<Optional<Locked>> lock(Connection connection, OrganizationId organization) {
        return Rows.first(connection.createStatement(LOCK).bind(0, organization.value()), DeletionStore::locked);
    }

    Mono<Void> insert(Connection connection, Deletion deletion, SecretHash token) {
        return Rows.written(connection
                        .createStatement(CLOSE)
                        .bind(0, deletion.organization().value())
                        .bind(1, deletion.requestedAt().atOffset(ZoneOffset.UTC)))
                .then(Rows.written(connection
                        .createStatement(INSERT)
                        .bind(0, deletion.organization().value())
                        .bind(1, deletion.requestedBy())
                        .bind(2, deletion.requestedAt().atOffset(ZoneOffset.UTC))
                        .bind(3, deletion.dueAt().atOffset(ZoneOffset.UTC))
                        .bind(4, token.bytes())))
                .then();
    }

    /** False when there is none that can be. */
    Mono<Boolean> callOff(Connection connection, OrganizationId organization) {
        return Rows.anyWritten(connection.createStatement(CALL_OFF).bind(0, organization.value()));
    }

    /** Whose a token is; comes before anything is known. */
    Mono<Optional<OrganizationId>> find(ConnectionPool api, SecretHash token) {
        return Rows.alone(
                api,
                connection -> Rows.first(
                        connection.createStatement(FIND).bind(0, token.bytes()),
                        row -> new OrganizationId(Columns.required(row, "organization_id", UUID.class))));
    }

    /** All that are under way, of whichever organization. */
    Mono<List<Deletion>> list(ConnectionPool api, Page page) {
        return Rows.alone(
                api,
                connection -> Rows.all(
                                connection
                                        .createStatement(LIST)
                                        .bind(0, page.before())
                                        .bind(1, page.rows()),
                                DeletionStore::deletion)
                        .collectList());
    }

    private static Locked locked(Row row) {
        UUID parent = row.get("parent_id", UUID.class);
        return new Locked(
                Columns.required(row, "name", String.class),
                parent == null ? null : new OrganizationId(parent),
                Columns.required(row, "closed", Boolean.class),
                Columns.required(row, "has_children", Boolean.class));
    }

    private static Deletion deletion(Row row) {
        return new Deletion(
                new OrganizationId(Columns.required(row, "organization_id", UUID.class)),
                Columns.required(row, "name", String.class),
                Columns.required(row, "requested_by", String.class),
                Columns.required(row, "requested_at", Instant.class),
                Columns.required(row, "due_at", Instant.class),
                Columns.required(row, "phase", String.class));
    }
}
