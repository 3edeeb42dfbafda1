package dev.sluice.shared.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.postgres.ItemTable.Item;
import dev.sluice.shared.postgres.Outcome.Told;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.testing.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

@Timeout(60)
final class GroupCommitIT {

    private static final Duration DEADLINE = Duration.ofSeconds(40);

    /** Long enough for all items of one test to meet in one batch. */
    private static final Duration GATHER = Duration.ofSeconds(2);

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private PostgresSettings database;
    private Postgres postgres;

    @BeforeEach
    void createTable() {
        database = TestPostgres.freshDatabase();
        ItemTable.create(database);
        postgres = new Postgres(database);
    }

    @AfterEach
    void closePools() {
        postgres.close();
    }

    @Test
    void failsOnlyTheCallersWhoseRowsAreRefusedInTheMiddleOfABatch() {
        try (var commit = commit(1, GATHER)) {
            StepVerifier.create(commit.submit(Item.good(60))).expectNext(60L).verifyComplete();
            List<Told> told = submitAll(commit, 1, 100, id -> id == 37 ? Item.bad(id) : Item.good(id));
            assertThat(Outcome.ids(told, Outcome.REFUSED)).containsExactly(37L, 60L);
            assertThat(Outcome.ids(told, Outcome.STORED)).hasSize(98);
            assertThat(ItemTable.ids(database)).hasSize(99).doesNotContain(37L);
            assertThat(registry.summary("sluice.groupcommit.batch.size", "name", "items")
                            .max())
                    .as("one batch")
                    .isEqualTo(100);
        }
    }

    @Test
    void tellsEachCallerWhatIsWrongWithItsOwnRow() {
        try (var commit = commit(1, Duration.ZERO)) {
            StepVerifier.create(commit.submit(Item.good(1))).expectNext(1L).verifyComplete();
            StepVerifier.create(commit.submit(Item.good(1)))
                    .verifyErrorSatisfies(error -> assertProblem(error, ProblemType.CONFLICT));
            StepVerifier.create(commit.submit(Item.bad(2)))
                    .verifyErrorSatisfies(error -> assertProblem(error, ProblemType.INTERNAL_ERROR));
        }
    }

    @Test
    void tellsEverybodyThatNothingWasStoredWhenTheServerEndsItsBackendBeforeTheCommit() {
        holdCommits();
        try (var commit = commit(1, GATHER)) {
            var callers = outcomes(commit, 1, 50, Item::good).toFuture();
            terminate("wait_event = 'PgSleep' and query like 'insert%'");
            assertThat(Outcome.ids(Outcome.await(callers, DEADLINE), Outcome.UNAVAILABLE))
                    .hasSize(50);
            assertThat(registry.counter("sluice.groupcommit.readback", "name", "items")
                            .count())
                    .isEqualTo(1);
            assertThat(ItemTable.ids(database)).isEmpty();
            Sql.execute(database, DatabaseRole.MIGRATE, "drop trigger hold on drill.item");
            assertThat(Outcome.ids(submitAll(commit, 1, 50, Item::good), Outcome.STORED))
                    .hasSize(50);
        }
    }

    @Test
    void storesExactlyWhatItSaysForManySubmittersAtOnce() {
        int submitters = 64;
        int rows = 200;
        try (var commit = commit(4, Duration.ZERO)) {
            Mono<List<Told>> all = Flux.range(0, submitters)
                    .flatMap(
                            submitter -> Flux.range(0, rows)
                                    .concatMap(row -> Outcome.submit(commit, Item.good((long) submitter * rows + row))),
                            submitters)
                    .collectList();
            List<Told> told = Objects.requireNonNull(all.block(DEADLINE));
            assertThat(Outcome.ids(told, Outcome.STORED)).hasSize(submitters * rows);
            assertThat(ItemTable.ids(database)).isEqualTo(Outcome.ids(told, Outcome.STORED));
            assertThat(registry.timer("sluice.groupcommit.flush", "name", "items")
                            .count())
                    .as("statements")
                    .isLessThan((long) submitters * rows / 4);
        }
    }

    @Test
    void accountsForEveryRowOfARandomDrill(TestReporter reporter) {
        long seed = Long.getLong("sluice.drill.seed", new Random().nextLong());
        reporter.publishEntry("sluice.drill.seed", Long.toString(seed));
        RandomGenerator random = new Random(seed);
        List<Item> items = LongStream.range(0, 3000)
                .mapToObj(id -> random.nextInt(10) == 0 ? Item.bad(id) : Item.good(id))
                .toList();
        Set<Long> leaving = items.stream()
                .map(Item::id)
                .filter(id -> random.nextInt(5) == 0)
                .collect(Collectors.toCollection(TreeSet::new));
        List<Told> told;
        try (var commit = commit(4, Duration.ofMillis(2))) {
            told = Objects.requireNonNull(Flux.fromIterable(items)
                    .flatMap(
                            item -> leaving.contains(item.id()) ? leave(commit, item) : Outcome.submit(commit, item),
                            300)
                    .collectList()
                    .block(DEADLINE));
        }
        Set<Long> bad = items.stream()
                .filter(item -> item.amount() < 0)
                .map(Item::id)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<Long> stored = ItemTable.ids(database);
        assertThat(told).as("callers, seed %d", seed).hasSize(items.size());
        assertThat(Outcome.ids(told, Outcome.UNAVAILABLE)).as("seed %d", seed).isEmpty();
        assertThat(bad).as("bad ones, seed %d", seed).containsAll(Outcome.ids(told, Outcome.REFUSED));
        assertThat(stored).as("stored, seed %d", seed).containsAll(Outcome.ids(told, Outcome.STORED));
        assertThat(Outcome.ids(told, Outcome.STORED, Outcome.CANCELLED))
                .as("stored or left, seed %d", seed)
                .containsAll(stored);
        assertThat(stored).as("seed %d", seed).doesNotContainAnyElementsOf(bad);
    }

    /** Subscribes and cancels a moment later: before, during or after the write. */
    private static Mono<Told> leave(GroupCommit<Item, Long> commit, Item item) {
        return Outcome.submit(commit, item)
                .timeout(Duration.ofMillis(item.id() % 6))
                .onErrorReturn(new Told(item.id(), Outcome.CANCELLED));
    }

    private GroupCommit<Item, Long> commit(int lanes, Duration maxDelay) {
        var settings = new GroupCommitSettings(
                lanes,
                5000,
                1 << 20,
                100,
                1 << 20,
                maxDelay,
                false,
                Duration.ofSeconds(15),
                Duration.ofSeconds(10),
                Duration.ofSeconds(10));
        var table = new ItemTable(postgres.pool(DatabaseRole.API));
        return new GroupCommit<>(settings, table, item -> Long.hashCode(item.id()), registry, "items");
    }

    private static List<Told> submitAll(
            GroupCommit<Item, Long> commit, long first, long last, LongFunction<Item> item) {
        return Objects.requireNonNull(outcomes(commit, first, last, item).block(DEADLINE));
    }

    private static Mono<List<Told>> outcomes(
            GroupCommit<Item, Long> commit, long first, long last, LongFunction<Item> item) {
        return Flux.fromStream(() -> LongStream.rangeClosed(first, last).boxed())
                .flatMap(id -> Outcome.submit(commit, item.apply(id)), 1000)
                .collectList();
    }

    /** From now on a commit takes a minute: the rows are written and not yet committed. */
    private void holdCommits() {
        Sql.execute(database, DatabaseRole.MIGRATE, """
                create function drill.hold() returns trigger language plpgsql as $$
                begin
                    perform pg_sleep(60);
                    return null;
                end $$""", """
                create constraint trigger hold after insert on drill.item
                    deferrable initially deferred for each row execute function drill.hold()""");
    }

    /** Ends the one backend that is in this state, as soon as it is. */
    private void terminate(String state) {
        String done = Sql.await(
                database,
                DatabaseRole.API,
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and "
                        + state);
        assertThat(done).isEqualTo("t");
    }

    private static void assertProblem(Throwable error, ProblemType type) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(type));
    }
}
