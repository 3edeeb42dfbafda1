package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.postgres.PartitionRetention;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.tenancy.OrganizationId;
import io.r2dbc.spi.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

class HistoryRetentionIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration KEEP = Duration.ofDays(30);

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final ExecutorDatabase database = new ExecutorDatabase();

    @BeforeEach
    void partitions() {
        database.sql("select workflow.ensure_partitions(1, 1)");
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void dropsHistoryByTheDayRunsEnded() {
        day("2026-01-05");
        day("2026-01-06");
        ended(id("2026-01-01"), "2026-01-05 12:00");
        UUID young = UUID.randomUUID();
        ended(young, "now");

        assertThat(sweep()).isEqualTo(2);

        assertThat(database.value("select count(*) from workflow.run_history")).isEqualTo("1");
        assertThat(there("run_history_2026_01_05")).isFalse();
        assertThat(sweep()).isZero();
    }

    @Test
    void keepsJournalAndInputsOfAMonthWhileARunOfItLivesOrIsInHistory() {
        month("journal", "2026-01");
        month("large_input", "2026-01");
        UUID run = id("2026-01-20");
        live(run, 100_000);
        entry(run);
        assertThat(sweep()).as("the run lives").isZero();

        database.sql("delete from workflow.run");
        ended(run, "now");
        assertThat(sweep()).as("the run is in history").isZero();
        assertThat(database.value("select count(*) from workflow.large_input_2026_01"))
                .isEqualTo("1");

        database.sql("delete from workflow.run_history");
        assertThat(sweep()).isEqualTo(2);
        assertThat(database.value("select count(*) from workflow.journal")).isEqualTo("0");
        entry(run);
        assertThat(database.value("select count(*) from workflow.journal_other"))
                .as("a run that an old event starts all the same")
                .isEqualTo("1");
    }

    @Test
    void dropsReceiptsWhenTheEventsOfTheirMonthAreGoneAndNoEarlier() {
        month("inbox", "2026-01");
        UUID event = id("2026-01-20");
        database.sql("insert into ingress.event values ('" + event + "', '" + organization + "', '" + event
                + "', 's', 't', null, now(), 'text/plain', '')");
        database.sql("insert into workflow.inbox values ('" + event + "', '" + organization + "', now(), '{}')");
        assertThat(sweep()).as("nobody knows what is received").isZero();
        assertThat(database.value("select workflow.received_before()")).startsWith("00000000");

        database.sql("update workflow.duty set position = workflow.uuid_floor('2026-02-01Z')");
        assertThat(sweep()).as("the gateway keeps the event").isZero();
        database.sql("delete from ingress.event");

        assertThat(sweep()).isEqualTo(1);
        assertThat(database.value("select count(*) from workflow.inbox")).isEqualTo("0");
    }

    @Test
    void forgetsRowsThatCameWithoutAPartition() {
        UUID gone = id("2026-01-20");
        UUID kept = id("2026-01-21");
        entry(gone);
        live(kept, 10);
        entry(kept);
        ended(id("2026-01-22"), "2026-01-22 10:00");

        try (var retention = new Retention(database.engine(), List.of(RunEngine.retention(KEEP)))) {
            assertThat(retention.sweep().block(PATIENCE)).isEqualTo(2);
        }

        assertThat(database.value("select run_id from workflow.journal")).isEqualTo(kept.toString());
        assertThat(database.value("select count(*) from workflow.run_history")).isEqualTo("0");
    }

    /** Whoever waits for the lock on a table has all others wait behind it. */
    @Test
    void givesUpSoonWhileATableIsInUseAndIsTriedAgain() {
        day("2026-01-05");
        Connection reader = database.connect();
        Mono.from(reader.beginTransaction()).block(PATIENCE);
        ExecutorDatabase.execute(reader, "lock table workflow.run_history in access share mode")
                .block(PATIENCE);
        AtomicBoolean done = new AtomicBoolean();
        PartitionRetention retention = RunEngine.partitions(database.engine(), KEEP);
        Mono<Long> sweep = retention.sweep().doFinally(signal -> done.set(true)).cache();
        var dropping = sweep.subscribe();

        long longest = longestInsert(Flux.range(0, 200));

        assertThat(done).isFalse();
        assertThat(there("run_history_2026_01_05")).isTrue();
        assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(20));
        Mono.from(reader.rollbackTransaction()).block(PATIENCE);
        Mono.from(reader.close()).block(PATIENCE);
        assertThat(sweep.block(PATIENCE)).isEqualTo(1);
        dropping.dispose();
        retention.close();
    }

    @Test
    void letsInsertsGoOnWhilePartitionsAreDropped() {
        for (int day = 1; day <= 28; day++) {
            day("2026-01-%02d".formatted(day));
        }
        database.sql("insert into workflow.run_history (id, organization_id, definition_id, status, input, generation,"
                + " end_seq, created_at, finished_at) select uuidv7(), uuidv7(), uuidv7(), 'completed', '\\x00', 0, 1,"
                + " now(), timestamptz '2026-01-01Z' + i * interval '1 minute' from generate_series(1, 40000) i");
        PartitionRetention retention = RunEngine.partitions(database.engine(), KEEP);
        long alone = longestInsert(Flux.range(0, 300));
        Mono<Long> sweep = retention.sweep().cache();
        var dropping = sweep.subscribe();

        long longest = longestInsert(Flux.range(0, 100_000).takeUntilOther(sweep));

        assertThat(sweep.block(PATIENCE)).isEqualTo(28);
        System.getLogger("retention")
                .log(
                        System.Logger.Level.INFO,
                        "MEASURE longest insert alone {0} ms, while 28 partitions are dropped {1} ms",
                        alone / 1_000_000,
                        longest / 1_000_000);
        assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(20));
        dropping.dispose();
        retention.close();
    }

    @Test
    void dropsNothingYoung() {
        assertThatThrownBy(() -> database.sql("select workflow.drop_partition(interval '1 day')"))
                .hasMessageContaining("expected: >= 2 days");
        ended(UUID.randomUUID(), "now");
        assertThat(sweep()).isZero();
    }

    /** Rows of today, four at a time; the longest any took. */
    private long longestInsert(Flux<Integer> numbers) {
        AtomicLong longest = new AtomicLong();
        numbers.flatMap(number -> insert(longest), 4).then().block(PATIENCE);
        return longest.get();
    }

    private Mono<Void> insert(AtomicLong longest) {
        return Mono.defer(() -> {
            long start = System.nanoTime();
            return Mono.usingWhen(
                            database.engine().create(),
                            connection -> ExecutorDatabase.execute(
                                    connection,
                                    "insert into workflow.run_history (id, organization_id, definition_id, status, input,"
                                            + " generation, end_seq, created_at, finished_at) values (uuidv7(), uuidv7(),"
                                            + " uuidv7(), 'completed', '', 0, 1, now(), now())"),
                            Connection::close)
                    .doFinally(signal -> longest.accumulateAndGet(System.nanoTime() - start, Math::max));
        });
    }

    private long sweep() {
        try (var retention = RunEngine.partitions(database.engine(), KEEP)) {
            return Objects.requireNonNull(retention.sweep().block(PATIENCE));
        }
    }

    private boolean there(String partition) {
        return !database.value("select coalesce(to_regclass('workflow." + partition + "')::text, '')")
                .isEmpty();
    }

    private void day(String day) {
        database.sql("create table workflow.run_history_" + day.replace('-', '_')
                + " partition of workflow.run_history for values from ('" + day + " 00:00Z') to ('" + day
                + " 24:00Z')");
    }

    private void month(String parent, String month) {
        database.sql("do $$ begin execute format('create table workflow." + parent + "_" + month.replace('-', '_')
                + " partition of workflow." + parent + " for values from (%L) to (%L)', workflow.uuid_floor('" + month
                + "-01Z'), workflow.uuid_floor(timestamptz '" + month + "-01Z' + interval '1 month')); end $$");
    }

    private UUID id(String day) {
        return UUID.fromString(database.value("select workflow.uuid_floor('" + day + "Z')"));
    }

    private void live(UUID run, int bytes) {
        database.sql("insert into workflow.definition (id, organization_id, namespace, name, version, document, digest)"
                + " values ('" + run + "', '" + organization + "', 'n', 'n', '1.0.0', '{}', 'd')");
        database.sql(
                "insert into workflow.run (id, organization_id, definition_id, status, input, created_at) values ('"
                        + run + "', '" + organization + "', '" + run + "', 'waiting', convert_to(repeat('x', " + bytes
                        + "), 'UTF8'), now())");
    }

    private void entry(UUID run) {
        database.sql("insert into workflow.journal values ('" + run + "', 1, '" + organization
                + "', 1, '0', 'set', 0, now(), '{}')");
    }

    private void ended(UUID run, String at) {
        database.sql("insert into workflow.run_history (id, organization_id, definition_id, status, input, generation,"
                + " end_seq, created_at, finished_at) values ('" + run + "', '" + organization + "', '" + run
                + "', 'completed', '', 0, 1, now(), '" + at + "')");
    }
}
