package dev.sluice.executor.run;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresErrors;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Collection;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** SQL by which a node follows runs that other nodes own. */
final class WatchStore {

    private static final String STATES = """
            select id, definition_id, status, null::bytea as output, null::bytea as error, 0 as end_seq,
                null::timestamptz as finished_at
            from workflow.run where id = any($1) and started_at is not null
            union all
            select id, definition_id, status, output, error, end_seq, finished_at
            from workflow.run_history where id = any($1)
            """;

    private final ConnectionPool pool;

    WatchStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** A run that has begun; {@code end} is set once it has ended. */
    record Watched(UUID id, UUID definitionId, @Nullable RunEnd end) {}

    /** How far the runs are. */
    Flux<Watched> states(Collection<UUID> ids) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(connection
                                        .createStatement(STATES)
                                        .bind(0, ids.toArray(UUID[]::new))
                                        .execute())
                                .concatMap(result -> result.map(WatchStore::read)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Watched read(Readable row) {
        Instant finishedAt = row.get("finished_at", Instant.class);
        RunEnd end = finishedAt == null ? null : end(row, finishedAt);
        return new Watched(
                Objects.requireNonNull(row.get("id", UUID.class)),
                Objects.requireNonNull(row.get("definition_id", UUID.class)),
                end);
    }

    private static RunEnd end(Readable row, Instant finishedAt) {
        return new RunEnd(
                RunStatus.of(Objects.requireNonNull(row.get("status", String.class)))
                        .orElseThrow(),
                json(row, "output"),
                json(row, "error"),
                null,
                Objects.requireNonNull(row.get("end_seq", Integer.class)),
                finishedAt);
    }

    private static @Nullable JsonNode json(Readable row, String column) {
        byte[] bytes = row.get(column, byte[].class);
        return bytes == null ? null : Json.trusted(bytes);
    }
}
