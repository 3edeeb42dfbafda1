package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.postgres.Retention.Rule;
import dev.sluice.shared.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.scheduler.VirtualTimeScheduler;

@Timeout(60)
final class RetentionIT {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Rule OLD = new Rule("old ones", """
            with gone as (
                delete from drill.row where id in (
                    select id from drill.row where old limit $1 for update skip locked)
                returning 1)
            select count(*) from gone""");
    private static final Rule BROKEN =
            new Rule("a table that is not there", "select count(*) from drill.gone limit $1");
    private static final Rule TURN =
            new Rule("turns", "with t as (insert into drill.turn values ($1) returning 1) select 0::bigint from t");

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
                "create table drill.row (id int primary key, old boolean not null)",
                "create table drill.turn (batch int)",
                "insert into drill.row select i, i % 4 > 0 from generate_series(1, 100) i",
                "grant usage on schema drill to sluice_engine",
                "grant select, update, delete on drill.row to sluice_engine",
                "grant insert, select on drill.turn to sluice_engine");
        postgres = new Postgres(database);
    }

    @AfterEach
    void closePools() {
        postgres.close();
        time.dispose();
    }

    @Test
    void deletesWhatIsOldInBatchesAndNothingElse() {
        try (var retention = retention(10, OLD)) {
            sweep(retention, 75);
            assertThat(rows()).isEqualTo("25");
            sweep(retention, 0);
        }
    }

    @Test
    void stopsAtItsBoundAndGoesOnInTheNextTurn() {
        Sql.execute(
                database,
                DatabaseRole.MIGRATE,
                "insert into drill.row select i, true from generate_series(101, 200) i");
        try (var retention = retention(1, OLD)) {
            sweep(retention, 100);
            sweep(retention, 75);
            assertThat(rows()).isEqualTo("25");
        }
    }

    @Test
    void goesOnAfterARuleThatFails() {
        try (var retention = retention(10, BROKEN, OLD)) {
            sweep(retention, 75);
        }
    }

    @Test
    void deletesEachRowOnceWhenSeveralProcessesSweepAtOnce() {
        try (var one = retention(3, OLD);
                var other = retention(3, OLD)) {
            Mono.zip(one.sweep(), other.sweep(), Long::sum)
                    .as(StepVerifier::create)
                    .assertNext(deleted -> assertThat(deleted).isLessThanOrEqualTo(75))
                    .expectComplete()
                    .verify(DEADLINE);
            one.sweep()
                    .as(StepVerifier::create)
                    .expectNextCount(1)
                    .expectComplete()
                    .verify(DEADLINE);
            assertThat(rows()).isEqualTo("25");
        }
    }

    @Test
    void sweepsAfterAMinuteAndNeverOnceClosed() {
        Retention retention = retention(10, BROKEN, TURN);
        time.advanceTimeBy(Duration.ofSeconds(59));
        assertThat(turns()).isEmpty();
        time.advanceTimeBy(Duration.ofSeconds(1));
        Sql.await(database, DatabaseRole.MIGRATE, "select 1 from drill.turn having count(*) = 1");
        retention.close();
        time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(turns()).hasSize(1);
    }

    private Retention retention(int batch, Rule... rules) {
        return new Retention(postgres.pool(DatabaseRole.ENGINE), List.of(rules), batch, time);
    }

    private static void sweep(Retention retention, long expected) {
        retention
                .sweep()
                .as(StepVerifier::create)
                .expectNext(expected)
                .expectComplete()
                .verify(DEADLINE);
    }

    private String rows() {
        return Sql.one(database, DatabaseRole.MIGRATE, "select count(*) from drill.row");
    }

    private List<String> turns() {
        return Sql.column(database, DatabaseRole.MIGRATE, "select batch from drill.turn");
    }
}
