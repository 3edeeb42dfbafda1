package dev.sluice.gateway.audit;

import dev.sluice.gateway.lookup.Columns;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Row;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The SQL of schema {@code audit}. */
final class AuditStore {

    private static final String APPEND = "select audit.append($1, $2, $3, $4, $5, $6, $7)";

    private static final String PAGE = """
            select number, at, actor, action, subject, denied, request_id, address, detail, hash from audit.entry
            where organization_id = $1 and number < $2 and ($3::text is null or actor = $3)
                and ($4::text is null or action = $4)
            order by number desc limit $5""";

    private static final String ALL = """
            select number, at, actor, action, subject, denied, request_id, address, detail, hash from audit.entry
            where organization_id = $1 order by number""";

    private static final String VERIFY =
            "select entries, broken_at, audit.forgotten() as forgotten from audit.verify()";

    static final Retention.Rule RETENTION = new Retention.Rule("audit entries", "select audit.forget($1)");

    /** Rows that the driver holds at once while all are read. */
    private static final int FETCH = 500;

    /** Appends to the chain of the transaction's organization, whose end is locked until the transaction ends. */
    Mono<Void> append(
            Connection connection, Origin origin, String action, String subject, boolean denied, JsonNode detail) {
        return Flux.from(connection
                        .createStatement(APPEND)
                        .bind(0, origin.author().actor())
                        .bind(1, action)
                        .bind(2, subject)
                        .bind(3, denied)
                        .bind(4, origin.requestId())
                        .bind(5, origin.address())
                        .bind(6, ByteBuffer.wrap(Json.bytes(detail)))
                        .execute())
                .concatMap(result -> result.map(row -> true))
                .then();
    }

    /**
     * The newest first.
     *
     * @param filter entries before which number, by whom, of which action
     */
    Flux<AuditEntry> page(Connection connection, OrganizationId organization, Filter filter, int rows) {
        var statement = connection
                .createStatement(PAGE)
                .bind(0, organization.value())
                .bind(1, filter.before())
                .bind(4, rows);
        var bound = filter.actor() == null ? statement.bindNull(2, String.class) : statement.bind(2, filter.actor());
        var ready = filter.action() == null ? bound.bindNull(3, String.class) : bound.bind(3, filter.action());
        return Flux.from(ready.execute()).concatMap(result -> result.map((row, metadata) -> entry(row)));
    }

    /** All, the oldest first, as they are asked for. */
    Flux<AuditEntry> all(Connection connection, OrganizationId organization) {
        return Flux.from(connection
                        .createStatement(ALL)
                        .bind(0, organization.value())
                        .fetchSize(FETCH)
                        .execute())
                .concatMap(result -> result.map((row, metadata) -> entry(row)));
    }

    Mono<Verification> verify(Connection connection) {
        return Flux.from(connection.createStatement(VERIFY).execute())
                .concatMap(result -> result.map((row, metadata) -> new Verification(
                        Columns.required(row, "entries", Long.class),
                        Optional.ofNullable(row.get("broken_at", Long.class)),
                        Columns.required(row, "forgotten", Long.class))))
                .single();
    }

    /** Which entries; absent for any. */
    record Filter(
            long before, @Nullable String actor, @Nullable String action) {}

    /**
     * What going through the chain found.
     *
     * @param brokenAt  the first entry that does not follow from the one before it
     * @param forgotten entries that were taken from its beginning
     */
    record Verification(long entries, Optional<Long> brokenAt, long forgotten) {}

    private static AuditEntry entry(Row row) {
        return new AuditEntry(
                Columns.required(row, "number", Long.class),
                Columns.required(row, "at", Instant.class),
                Columns.required(row, "actor", String.class),
                Columns.required(row, "action", String.class),
                Columns.required(row, "subject", String.class),
                Columns.required(row, "denied", Boolean.class),
                Columns.required(row, "request_id", String.class),
                Columns.required(row, "address", String.class),
                Json.read(bytes(row, "detail")),
                bytes(row, "hash"));
    }

    private static byte[] bytes(Row row, String name) {
        ByteBuffer buffer = Columns.required(row, name, ByteBuffer.class);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
