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

    @Test
    void dropsAMonthOfEventsOnceAllAreReceived() {
        month("2026-01", 3);
        month("2026-02", 2);
        drop(0, "nobody says what is received");

        received("2026-01-31 23:59");
        drop(0, "an event of the month may have no receipt");
        received("2026-02-10");
        drop(1, "the first month is received");
        assertThat(run(DatabaseRole.MIGRATE, "select count(*) from ingress.event"))
                .containsExactly("2");
        received("2026-03-10");
        drop(1, "and then the second");

        assertThat(run(DatabaseRole.MIGRATE, "select count(*) from ingress.event"))
                .containsExactly("0");
        assertThat(run(DatabaseRole.MIGRATE, "select to_regclass('ingress.event_2026_02') is null"))
                .containsExactly("true");
        drop(0, "this month is young");
    }

    @Test
    void forgetsReceivedEventsWithoutAPartition() {
        run(DatabaseRole.MIGRATE, event("2026-01-05") + " returning 1");
        run(DatabaseRole.MIGRATE, event("2026-01-15") + " returning 1");
        received("2026-01-10");

        try (var retention = new Retention(
                postgres.pool(DatabaseRole.API), List.of(EventPartitions.retention(Duration.ofDays(30))))) {
            assertThat(retention.sweep().block(DEADLINE)).isEqualTo(1);
        }
        assertThat(run(DatabaseRole.MIGRATE, "select count(*) from ingress.event"))
                .containsExactly("1");
    }

    @Test
    void letsNobodyElseDropAndNobodyTooEarly() {
        assertThatThrownBy(() -> run(DatabaseRole.INGEST, "select ingress.drop_event_partition(interval '30 days')"))
                .hasMessageContaining("permission denied");
        assertThatThrownBy(() -> run(DatabaseRole.API, "select ingress.drop_event_partition(interval '1 day')"))
                .hasMessageContaining("expected: >= 7 days");
    }

    /** A partition that was made ahead, with events of the fifth of its month. */
    private void month(String month, int events) {
        String child = "event_" + month.replace('-', '_');
        run(
                DatabaseRole.MIGRATE,
                "do $$ begin execute format('create table ingress." + child
                        + " partition of ingress.event for values from (%L) to (%L)', ingress.first_id_of('" + month
                        + "-01Z'), ingress.first_id_of(timestamptz '" + month + "-01Z' + interval '1 month')); end $$");
        for (int i = 0; i < events; i++) {
            run(DatabaseRole.MIGRATE, event(month + "-05") + " returning 1");
        }
    }

    private static String event(String day) {
        return "insert into ingress.event select (substr(ingress.first_id_of('" + day
                + "Z')::text, 1, 24) || substr(gen_random_uuid()::text, 25))::uuid, uuidv7(), uuidv7(), 's', 't', null, now(), 'text/plain', ''";
    }

    /** What the executor says: its schema is there in production. */
    private void received(String before) {
        run(DatabaseRole.MIGRATE, "create schema if not exists workflow");
        run(
                DatabaseRole.MIGRATE,
                "create or replace function workflow.received_before() returns uuid language sql as $$ select"
                        + " ingress.first_id_of('" + before + "Z') $$");
    }

    private void drop(long expected, String why) {
        try (var retention = EventPartitions.dropping(postgres.pool(DatabaseRole.API), Duration.ofDays(30))) {
            assertThat(retention.sweep().block(DEADLINE)).as(why).isEqualTo(expected);
        }
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
