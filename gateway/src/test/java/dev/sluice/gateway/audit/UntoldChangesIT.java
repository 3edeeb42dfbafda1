package dev.sluice.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Result;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.scheduler.VirtualTimeScheduler;

final class UntoldChangesIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String WAITING = "sluice.changes.waiting";
    private static final String AGE = "sluice.changes.age";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private Postgres postgres;
    private UntoldChanges untold;

    @BeforeEach
    @SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
    void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        Migrations.run(database, "db/migration/gateway", "identity", List.of("identity", "ingress", "audit"))
                .block(DEADLINE);
        postgres = new Postgres(database);
        untold = new UntoldChanges(postgres.pool(DatabaseRole.API), registry, Clock.systemUTC(), time);
    }

    @AfterEach
    void stop() {
        untold.dispose();
        postgres.close();
    }

    @Test
    void sayHowManyWaitAndForHowLong() {
        assertThat(value(WAITING)).isNaN();
        assertThat(value(AGE)).isNaN();
        look(WAITING, value -> value == 0);
        assertThat(value(AGE)).isZero();

        run(
                "insert into audit.outbox select gen_random_uuid(), n, now() - interval '1 hour' * n from generate_series(1, 3) n");
        look(WAITING, value -> value == 3);
        assertThat(value(AGE)).isBetween(3 * 3600.0, 3 * 3600.0 + 60);

        run("delete from audit.outbox");
        look(WAITING, value -> value == 0);
        assertThat(value(AGE)).isZero();
    }

    @Test
    void areNotCountedWithoutEnd() {
        run("insert into audit.outbox select gen_random_uuid(), n, now() from generate_series(1, "
                + (UntoldChanges.MOST + 5) + ") n");
        look(WAITING, value -> value == UntoldChanges.MOST);
    }

    private void look(String meter, DoublePredicate expected) {
        time.advanceTimeBy(UntoldChanges.PERIOD);
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!expected.test(value(meter))) {
            assertThat(System.nanoTime()).as(meter).isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private double value(String meter) {
        return registry.get(meter).gauge().value();
    }

    private void run(String sql) {
        Long written = Flux.usingWhen(
                        postgres.pool(DatabaseRole.MIGRATE).create(),
                        connection -> Flux.from(connection.createStatement(sql).execute())
                                .concatMap(Result::getRowsUpdated),
                        Connection::close)
                .blockLast(DEADLINE);
        assertThat(written).isPositive();
    }
}
