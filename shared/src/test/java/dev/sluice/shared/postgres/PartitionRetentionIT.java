package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.testing.TestPostgres;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(60)
final class PartitionRetentionIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final String DROP = """
            with gone as (
                delete from drill.part where id = (select min(id) from drill.part where age > $1) returning id)
            select max(id)::text from gone""";

    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private PostgresSettings database;
    private Postgres postgres;

    @BeforeEach
    void createTables() {
        database = TestPostgres.freshDatabase();
        Sql.execute(
                database,
                DatabaseRole.MIGRATE,
                "create schema drill",
                "create table drill.part (id int primary key, age int not null)",
                "insert into drill.part select i, i * 86400 from generate_series(1, 40) i",
                "grant usage on schema drill to sluice_engine",
                "grant select, delete on drill.part to sluice_engine");
        postgres = new Postgres(database);
    }

    @AfterEach
    void closePools() {
        postgres.close();
        time.dispose();
    }

    @Test
    void dropsOneAfterTheOtherUntilThereIsNone() {
        try (var retention = retention(DROP)) {
            retention
                    .sweep()
                    .as(StepVerifier::create)
                    .expectNext(10L)
                    .expectComplete()
                    .verify(DEADLINE);
            retention
                    .sweep()
                    .as(StepVerifier::create)
                    .expectNext(0L)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void saysNothingWorseThanZeroWhenItCannotBe() {
        try (var retention = retention("select text from drill.gone where $1 > 0")) {
            retention
                    .sweep()
                    .as(StepVerifier::create)
                    .expectNext(0L)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void beginsAfterAMinuteAndNotOnceClosed() {
        PartitionRetention retention = retention(DROP);
        time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(Sql.column(database, DatabaseRole.MIGRATE, "select 1 from drill.part"))
                .hasSize(40);
        time.advanceTimeBy(Duration.ofSeconds(1));
        Sql.await(database, DatabaseRole.MIGRATE, "select 1 from drill.part having count(*) = 30");
        Sql.execute(database, DatabaseRole.MIGRATE, "update drill.part set age = 86400 * 365");
        retention.close();
        time.advanceTimeBy(Duration.ofHours(3));
        assertThat(Sql.column(database, DatabaseRole.MIGRATE, "select 1 from drill.part"))
                .hasSize(30);
    }

    private PartitionRetention retention(String sql) {
        return new PartitionRetention(postgres.pool(DatabaseRole.ENGINE), sql, Duration.ofDays(30), time);
    }
}
