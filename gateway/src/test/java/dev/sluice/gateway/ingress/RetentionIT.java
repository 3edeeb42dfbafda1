package dev.sluice.gateway.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.testing.TestPostgres;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

@Timeout(60)
final class RetentionIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private Postgres postgres;

    @BeforeEach
    void migrate() {
        PostgresSettings database = TestPostgres.freshDatabase();
        Migrations.run(database, "db/migration/gateway", "identity", List.of("identity", "ingress"))
                .block(DEADLINE);
        postgres = new Postgres(database);
    }

    @AfterEach
    void closePools() {
        postgres.close();
    }

    @Test
    void forgetsDeliveriesAfterAWeek() {
        fill();
        sweep(2);
        assertThat(run(
                        DatabaseRole.MIGRATE,
                        "select convert_from(substring(key_hash from 1 for 1), 'UTF8')"
                                + " from ingress.dedupe order by 1"))
                .containsExactly("a", "b");
        sweep(0);
    }

    @Test
    void letsNobodyElseForget() {
        fill();
        for (DatabaseRole role : List.of(DatabaseRole.INGEST, DatabaseRole.ENGINE)) {
            assertThatThrownBy(() -> run(role, "select ingress.forget_deliveries(1)"))
                    .hasMessageContaining("permission denied");
        }
        assertThatThrownBy(() -> run(DatabaseRole.API, "delete from ingress.dedupe returning 1"))
                .hasMessageContaining("permission denied");
    }

    private void fill() {
        run(DatabaseRole.MIGRATE, """
                insert into ingress.dedupe
                select gen_random_uuid(), convert_to(repeat(key, 32), 'UTF8'), gen_random_uuid(), gen_random_uuid(),
                       now() - age
                from (values ('a', interval '0'), ('b', interval '6 days 23 hours'),
                             ('c', interval '7 days 1 minute'), ('d', interval '1 year')) as t (key, age)""");
    }

    private void sweep(long expected) {
        try (var retention = new Retention(postgres.pool(DatabaseRole.API), List.of(EventPartitions.retention()))) {
            retention
                    .sweep()
                    .as(StepVerifier::create)
                    .expectNext(expected)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    /** The first column of the rows, if there are any. */
    @CanIgnoreReturnValue
    private List<String> run(DatabaseRole role, String sql) {
        return Objects.requireNonNull(Flux.usingWhen(
                        postgres.pool(role).create(),
                        connection -> Flux.from(connection.createStatement(sql).execute())
                                .concatMap(result -> result.map(row -> String.valueOf(row.get(0)))),
                        Connection::close)
                .collectList()
                .block(DEADLINE));
    }
}
