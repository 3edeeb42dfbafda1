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
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.scheduler.VirtualTimeScheduler;

/** A node on a database of its own, whose polls come when the test says so, and whose calls are never answered. */
@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
final class PolledNode implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final GroupCommitSettings COMMITS = GroupCommitSettings.of(1, 100, 10);

    final ExecutorDatabase database = new ExecutorDatabase();
    final VirtualTimeScheduler time = VirtualTimeScheduler.create();
    final NodeLease lease =
            NodeLease.of(database.engine(), new NodeSettings("test", Duration.ofMinutes(1)), Schedulers.parallel());
    final RunEngine runs;
    private final Journals journals =
            new Journals(database.engine(), COMMITS, new SimpleMeterRegistry(), Clock.systemUTC());

    /** Has its lease when it is there; its engine is to be started. One organization may have so many of its permits. */
    PolledNode(int permits, int ofOne, int tries) {
        this.runs = engine(new RunLimits(permits, permits, Duration.ofHours(1), tries), ofOne);
        lease.start();
        eventually(() -> lease.current().isPresent());
    }

    private RunEngine engine(RunLimits limits, int ofOne) {
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
                limits,
                new Shares(transactions, database.engine(), ofOne));
    }

    /** Lets the polls come, again and again, until a condition holds. */
    void eventually(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PATIENCE);
            time.advanceTimeBy(Duration.ofSeconds(1));
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void close() {
        runs.drain(Duration.ZERO).block(PATIENCE);
        lease.dispose();
        runs.close();
        journals.close();
        database.close();
    }
}
