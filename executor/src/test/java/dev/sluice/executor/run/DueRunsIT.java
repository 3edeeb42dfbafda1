package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.correlation.Correlations;
import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.engine.CompiledAtOnce;
import dev.sluice.executor.engine.EngineSettings;
import dev.sluice.executor.engine.IdempotencyKeys;
import dev.sluice.executor.engine.TestEvaluations;
import dev.sluice.executor.event.EventStore;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.node.NodeSettings;
import dev.sluice.executor.share.Shares;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A node on a real database, whose polls come when the test says so. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class DueRunsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final GroupCommitSettings COMMITS = GroupCommitSettings.of(1, 100, 10);
    private static final String NAP = """
            {"document":{"dsl":"1.0.3","namespace":"n","name":"n","version":"1.0.0"},"do":[{"nap":{"wait":{"hours":1}}}]}""";

    private final OrganizationId organization = new OrganizationId(UUID.randomUUID());
    private final ExecutorDatabase database = new ExecutorDatabase();
    private final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    private final NodeLease lease =
            NodeLease.of(database.engine(), new NodeSettings("test", Duration.ofMinutes(1)), Schedulers.parallel());
    private final Journals journals =
            new Journals(database.engine(), COMMITS, new SimpleMeterRegistry(), Clock.systemUTC());
    private final RunEngine runs = engine();

    @BeforeEach
    void start() {
        lease.start();
        eventually(() -> lease.current().isPresent());
        runs.start();
    }

    @AfterEach
    void close() {
        runs.drain(Duration.ZERO).block(PATIENCE);
        lease.dispose();
        runs.close();
        journals.close();
        database.close();
    }

    @Test
    void takesARunThatIsDueAndNoOther() {
        UUID due = run("wake_at = now()");
        UUID later = run("wake_at = now() + interval '1 hour'");

        eventually(() -> runs.pool().holds(due));

        assertThat(runs.pool().holds(later)).isFalse();
        assertThat(epoch(later)).isEqualTo("0");
    }

    /** A commit may come through although the node was told that nobody knows. */
    @Test
    void givesBackWhatItOwnsAndDoesNotHave() {
        UUID held = run("wake_at = now()");
        eventually(() -> runs.pool().holds(held));
        UUID stray = run("node = '" + lease.current().orElseThrow().id() + "', epoch = 7, status = 'running'");
        database.sql("update workflow.run set started_at = now() - interval '1 hour'");

        eventually(() -> runs.pool().holds(stray));

        assertThat(epoch(stray)).isEqualTo("8");
        assertThat(epoch(held)).as("of the run that is here").isEqualTo("1");
    }

    @Test
    void leavesAloneWhatItHasOwnedForAMomentOnly() {
        UUID young = run("node = '" + lease.current().orElseThrow().id()
                + "', epoch = 7, status = 'running', started_at = now()");
        UUID due = run("wake_at = now()");
        eventually(() -> runs.pool().holds(due));

        time.advanceTimeBy(Duration.ofMinutes(10));

        UUID last = run("wake_at = now()");
        eventually(() -> runs.pool().holds(last));
        assertThat(epoch(young)).isEqualTo("7");
    }

    @Test
    void saysWhyARunWhoseJournalIsOfAnotherDocumentRests() {
        UUID run = run("wake_at = now() + interval '1 hour'");
        database.sql(
                "insert into workflow.journal (run_id, seq, organization_id, kind, path, task_type, place_hash, at,"
                        + " payload) values ('" + run + "', 1, '" + organization
                        + "', 3, '0', 'wait', 7, now(), '{}')");

        database.sql("update workflow.run set wake_at = now(), epoch = 1");

        eventually(() -> database.value("select status from workflow.run").equals("suspended"));
        assertThat(database.value("select suspend_reason from workflow.run")).isEqualTo("journal-mismatch");
        assertThat(database.value("select suspend_detail from workflow.run")).contains("at '0'");
        assertThat(database.value("select kind || path from workflow.journal where seq = 2"))
                .isEqualTo("8!2");
    }

    /** Nothing of a run that waits is begun for its suspension, and whoever changes his mind finds it where it was. */
    @Test
    void suspendsARunNobodyOwnsAndTakesItUpAgainWhenTheWishIsWithdrawn() {
        UUID run = run("wake_at = now(), suspend_requested_at = now()");
        eventually(() -> database.value("select status from workflow.run").equals("suspended"));
        assertThat(database.value("select string_agg(kind::text, ',' order by seq) from workflow.journal"))
                .isEqualTo("8");

        database.sql("update workflow.run set status = 'pending', wake_at = now()");

        eventually(() -> runs.pool().holds(run)
                && database.value("select string_agg(kind::text, ',' order by seq) from workflow.journal")
                        .equals("8,9,3"));
    }

    private RunEngine engine() {
        TenantTransactions transactions = new TenantTransactions(database.engine());
        return new RunEngine(
                database.engine(),
                transactions,
                new Maskings(transactions, Duration.ofSeconds(1)),
                new Workflows(transactions, database.engine()),
                journals,
                lease,
                (call, invocation) -> Mono.never(),
                (call, invocation) -> Mono.never(),
                (organization, references, into) -> Mono.never(),
                (channel, invocation, lastId) -> Flux.never(),
                (organization, names) -> Mono.never(),
                new Correlations(
                        database.engine(),
                        new EventStore(database.engine()),
                        id -> Mono.empty(),
                        TestEvaluations.SHARED,
                        TestEvaluations.SHARED),
                (organization, event) -> {},
                new EngineSettings(
                        Schedulers.parallel(),
                        Clock.systemUTC(),
                        Duration.ofSeconds(30),
                        Duration.ofDays(1),
                        new IdempotencyKeys(new byte[32]),
                        TestEvaluations.SHARED,
                        new CompiledAtOnce(),
                        64),
                time,
                COMMITS,
                new SimpleMeterRegistry(),
                new RunLimits(10, 10, Duration.ofHours(1), 3),
                new Shares(transactions, database.engine(), 10));
    }

    private UUID run(String columns) {
        UUID run = database.run(organization);
        database.sql("update workflow.definition set document = '" + NAP + "'");
        database.sql("update workflow.run set " + columns + " where id = '" + run + "'");
        return run;
    }

    private String epoch(UUID run) {
        return database.value("select epoch from workflow.run where id = '" + run + "'");
    }

    /** Lets the polls come, again and again. */
    private void eventually(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
            time.advanceTimeBy(Duration.ofSeconds(1));
            assertThat(Mono.delay(Duration.ofMillis(10), Schedulers.boundedElastic())
                            .block(PATIENCE))
                    .isZero();
        }
    }
}
