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

    private static final String ENDED = """
            select id, definition_id, status, output, error, end_seq, finished_at
            from workflow.run_history where id = any($1)
            """;

    private final ConnectionPool pool;

    WatchStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** A run that has ended. */
    record Ended(UUID id, UUID definitionId, RunEnd end) {}

    /** Which of the runs have ended, and how. */
    Flux<Ended> ended(Collection<UUID> ids) {
        return Flux.usingWhen(
                        pool.create(),
                        connection -> Flux.from(connection
                                        .createStatement(ENDED)
                                        .bind(0, ids.toArray(UUID[]::new))
                                        .execute())
                                .concatMap(result -> result.map(WatchStore::read)),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Ended read(Readable row) {
        RunEnd end = new RunEnd(
                RunStatus.of(Objects.requireNonNull(row.get("status", String.class)))
                        .orElseThrow(),
                json(row, "output"),
                json(row, "error"),
                Objects.requireNonNull(row.get("end_seq", Integer.class)),
                Objects.requireNonNull(row.get("finished_at", Instant.class)));
        return new Ended(
                Objects.requireNonNull(row.get("id", UUID.class)),
                Objects.requireNonNull(row.get("definition_id", UUID.class)),
                end);
    }

    private static @Nullable JsonNode json(Readable row, String column) {
        byte[] bytes = row.get(column, byte[].class);
        return bytes == null ? null : Json.trusted(bytes);
    }
}
