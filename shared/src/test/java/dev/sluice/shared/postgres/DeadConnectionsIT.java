package dev.sluice.shared.postgres;

import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** A server that is back after a restart finds pools full of connections to the one before. */
@Timeout(60)
final class DeadConnectionsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int IDLE = 6;

    private final PostgresSettings database = TestPostgres.freshDatabase();
    private final Postgres postgres = new Postgres(database);

    @AfterEach
    void closePools() {
        postgres.close();
    }

    @Test
    void theFirstWhoAsksAfterwardsGetsALiveOne() {
        ConnectionPool pool = postgres.pool(DatabaseRole.API);
        List<Connection> connections = Objects.requireNonNull(Flux.range(0, IDLE)
                .concatMap(number -> pool.create())
                .collectList()
                .block(DEADLINE));
        Flux.fromIterable(connections).concatMap(Connection::close).blockLast(DEADLINE);

        Sql.execute(
                database,
                DatabaseRole.API,
                "select pg_terminate_backend(pid, 20000) from pg_stat_activity"
                        + " where usename = current_user and pid <> pg_backend_pid()");
        // They have ended; this side may hear of it a moment later.
        StepVerifier.create(Mono.delay(Duration.ofSeconds(1))
                        .thenMany(Flux.range(0, IDLE).concatMap(number -> select(pool))))
                .expectNextCount(IDLE)
                .expectComplete()
                .verify(DEADLINE);
    }

    /** A process that freezes between two statements must not hold its locks for hours. */
    @ParameterizedTest
    @EnumSource(value = DatabaseRole.class, names = "MIGRATE", mode = EnumSource.Mode.EXCLUDE)
    void aTransactionThatRestsIsEndedByTheServer(DatabaseRole role) {
        StepVerifier.create(select(postgres.pool(role), "show idle_in_transaction_session_timeout"))
                .expectNext("15s")
                .expectComplete()
                .verify(DEADLINE);
    }

    private static Mono<Object> select(ConnectionPool pool) {
        return select(pool, "select 1");
    }

    private static Mono<Object> select(ConnectionPool pool, String sql) {
        return Mono.usingWhen(
                pool.create(),
                connection -> Mono.from(connection.createStatement(sql).execute())
                        .flatMap(result -> Mono.from(result.map(row -> Objects.requireNonNull(row.get(0))))),
                Connection::close);
    }
}
