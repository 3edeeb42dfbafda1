package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@Timeout(60)
final class KeptStatementIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Postgres postgres = new Postgres(TestPostgres.freshDatabase());
    private final ConnectionPool pool = postgres.pool(DatabaseRole.API);
    private final KeptStatement quotient = new KeptStatement("select $1::int / $2::int, pg_sleep($3::float8)");

    @AfterEach
    void closePools() {
        postgres.close();
    }

    @Test
    void isTheSameForEachConnectionHoweverItComesOutOfThePool() {
        Connection first = connection();
        var kept = quotient.on(first);
        Mono.from(first.close()).block(DEADLINE);
        Connection again = connection();
        Connection other = connection();
        assertThat(quotient.on(again)).isSameAs(kept);
        assertThat(quotient.on(other)).isNotSameAs(kept);
        Mono.when(again.close(), other.close()).block(DEADLINE);
    }

    @Test
    void executesWithWhatIsBoundEachTime() {
        Mono.usingWhen(
                        pool.create(),
                        connection -> Flux.range(1, 1_000)
                                .concatMap(number -> divide(connection, number * 6, 2, 0))
                                .index((index, result) -> result == (index.intValue() + 1) * 3)
                                .all(right -> right),
                        Connection::close)
                .as(StepVerifier::create)
                .expectNext(true)
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void goesOnAfterOneThatFailedAndOneThatNobodyWaitedFor() {
        Mono.usingWhen(
                        pool.create(),
                        connection -> divide(connection, 1, 0, 0)
                                .onErrorReturn(-1)
                                .then(divide(connection, 1, 1, 0.5).timeout(Duration.ofMillis(100)))
                                .onErrorReturn(TimeoutException.class, -2)
                                .then(divide(connection, 12, 3, 0)),
                        Connection::close)
                .as(StepVerifier::create)
                .expectNext(4)
                .expectComplete()
                .verify(DEADLINE);
    }

    private Connection connection() {
        return Objects.requireNonNull(pool.create().block(DEADLINE));
    }

    private Mono<Integer> divide(Connection connection, int dividend, int divisor, double seconds) {
        return Mono.defer(() -> Flux.from(quotient.on(connection)
                        .bind(0, dividend)
                        .bind(1, divisor)
                        .bind(2, seconds)
                        .execute())
                .concatMap(result -> result.map(row -> Objects.requireNonNull(row.get(0, Integer.class))))
                .single());
    }
}
