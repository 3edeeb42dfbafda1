package dev.sluice.executor.run;

import dev.sluice.executor.journal.Emission;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.postgres.PostgresErrors;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import io.r2dbc.spi.Statement;
import java.util.Objects;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** SQL that stores the event of a run's start. All others are stored by the statements that change the run's state. */
final class ToldStore {

    /** Whoever takes up the run again before it has got anywhere stores the same once more. */
    private static final String STARTED = """
            insert into workflow.event (id, organization_id, run_id, depth, source, type, envelope)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict do nothing
            """;

    private final ConnectionPool pool;

    ToldStore(ConnectionPool pool) {
        this.pool = pool;
    }

    /** Stores an event of a run that somebody listens for. */
    Mono<Void> store(ClaimedRun run, Emission told) {
        return Mono.usingWhen(
                        pool.create(),
                        connection -> Flux.from(statement(connection, run, told).execute())
                                .concatMap(Result::getRowsUpdated)
                                .then(),
                        Connection::close)
                .onErrorMap(PostgresErrors::translate);
    }

    private static Statement statement(Connection connection, ClaimedRun run, Emission told) {
        return connection
                .createStatement(STARTED)
                .bind(0, told.id())
                .bind(1, run.organization().value())
                .bind(2, run.id())
                .bind(3, Objects.requireNonNull(told.depth()))
                .bind(4, told.event().path("source").asString())
                .bind(5, told.event().path("type").asString())
                .bind(6, EncodedJson.of(told.event()).text());
    }
}
