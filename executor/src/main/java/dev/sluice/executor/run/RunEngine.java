package dev.sluice.executor.run;

import dev.sluice.executor.correlation.Correlations;
import dev.sluice.executor.deployment.Workflows;
import dev.sluice.executor.engine.Caller;
import dev.sluice.executor.engine.Channels;
import dev.sluice.executor.engine.Documents;
import dev.sluice.executor.engine.EngineSettings;
import dev.sluice.executor.engine.SecretReader;
import dev.sluice.executor.engine.Streamer;
import dev.sluice.executor.journal.Journals;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.executor.share.Shares;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.postgres.GroupCommit;
import dev.sluice.shared.postgres.GroupCommitSettings;
import dev.sluice.shared.postgres.PartitionRetention;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.service.OpenStreams;
import dev.sluice.shared.tenancy.OrganizationId;
import io.micrometer.core.instrument.MeterRegistry;
import io.r2dbc.pool.ConnectionPool;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/** The parts of this package, put together: everything a node does with runs. */
public final class RunEngine implements AutoCloseable {

    private final GroupCommit<RequestedRun, Creation> creations;
    private final RunEndings endings;
    private final RunPool pool;
    private final Journals journals;
    private final RunPressure pressure;
    private final PermitControl permitControl;
    private final DueRuns due;
    private final RemoteRuns remote;
    private final Hearers hearers;
    private final Runs runs;
    private final ControlHandler control;
    private final Maskings maskings;

    /**
     * Puts the parts together; nothing begins before {@link #start}.
     *
     * @param told    gets the ids of events about runs that others listen for; must be quick
     * @param control runs timers and polls, apart from the runs themselves
     */
    public RunEngine(
            ConnectionPool engine,
            TenantTransactions transactions,
            Maskings maskings,
            Workflows workflows,
            Journals journals,
            NodeLease lease,
            Caller caller,
            Streamer streamer,
            Documents documents,
            Channels channels,
            SecretReader secrets,
            Correlations correlations,
            BiConsumer<OrganizationId, UUID> told,
            EngineSettings settings,
            Scheduler control,
            GroupCommitSettings commits,
            MeterRegistry meters,
            RunLimits limits,
            Shares shares) {
        ClaimStore claims = new ClaimStore(engine);
        DueStore waiting = new DueStore(engine);
        RunHub hub = new RunHub();
        this.hearers = new Hearers(engine, control);
        this.creations = new GroupCommit<>(
                commits, new CreationStore(engine), run -> run.id().hashCode(), meters, "run-creation");
        this.endings = new RunEndings(engine, commits, this::nudge, told, meters);
        RunExecution execution = new RunExecution(
                workflows,
                journals,
                claims,
                endings,
                hub,
                caller,
                streamer,
                documents,
                channels,
                secrets,
                correlations,
                new ChildStore(engine, this::nudge),
                new Telling(new ToldStore(engine), hearers, told, settings.clock(), settings.maxDepth()),
                settings);
        Permits permits = new Permits(limits.maxRuns(), shares::maxRuns);
        this.pool = new RunPool(execution, lease, permits);
        this.journals = journals;
        this.pressure = new RunPressure(permits, waiting);
        this.permitControl = new PermitControl(
                permits,
                new AdaptiveLimit(limits.minRuns(), limits.maxRuns(), limits.maxLatency()),
                journals.latency(),
                settings.scheduler(),
                Runtime.getRuntime().availableProcessors(),
                control);
        this.due = new DueRuns(claims, waiting, pool, shares::weight, limits.maxTries(), lease, control);
        this.remote = new RemoteRuns(new WatchStore(engine), journals, workflows, hub, pool, control);
        RunStore store = new RunStore(transactions);
        this.runs = new Runs(workflows, journals, store, creations, pool, hub, lease, settings.clock(), this::nudge);
        this.control = new ControlHandler(
                new Control(new ControlStore(transactions), store, workflows, journals, pool, settings),
                store,
                new JournalPages(transactions),
                workflows,
                maskings);
        this.maskings = maskings;
        RunMeters.register(meters, pool);
    }

    /** Takes up at once what has become due, if there is room. Thread-safe, does not block. */
    public void nudge() {
        due.nudge();
    }

    /** Forgets idempotency keys whose day is over. */
    public static Retention.Rule retention() {
        return CreationStore.RETENTION;
    }

    /** Puts the counts of runs started on days that are over together. */
    public static Retention.Rule counts() {
        return new Retention.Rule("counts of started runs", "select workflow.fold_started($1)");
    }

    /** Forgets what has no partition to go with: history so long after its end, and what is left of such runs. */
    public static Retention.Rule retention(Duration history) {
        return new Retention.Rule("rows without a partition", HistoryStore.FORGET, history);
    }

    /** Forgets what organizations keep for less time than that, and what holds keep from going by itself (ADR 42). */
    public static List<Retention.Rule> retentionByOrganization(Duration history) {
        return List.of(
                new Retention.Rule("runs by organization", HistoryStore.FORGET_RUNS, history),
                new Retention.Rule("emitted events by organization", HistoryStore.FORGET_EMITTED, history));
    }

    /** Drops history so long after its end, and what is left of such runs. */
    public static PartitionRetention partitions(ConnectionPool engine, Duration history) {
        return new PartitionRetention(engine, HistoryStore.DROP, history);
    }

    /** Begins to take runs nobody owns and to follow those of other nodes. */
    public void start() {
        permitControl.start();
        due.start();
        remote.start();
        hearers.start();
    }

    /** Takes nothing new, and completes when what is in memory has ended or the time is up; the rest is dropped. */
    public Mono<Void> drain(Duration limit) {
        return Mono.defer(() -> {
            due.dispose();
            permitControl.dispose();
            return pool.drain(limit).doFinally(signal -> {
                remote.dispose();
                hearers.dispose();
            });
        });
    }

    /** The runs in memory. */
    public RunPool pool() {
        return pool;
    }

    /** What bounds the runs of this node, and the writes about them. */
    public List<PressureSource> pressure() {
        return List.of(
                pressure, PressureSource.ofNode(() -> List.of(journals.bound(), creations.bound(), endings.bound())));
    }

    /** The paths of runs; an input may have up to so many bytes, and who waits or follows is answered before the stop. */
    public RouterFunction<ServerResponse> routes(int maxInputBytes, OpenStreams streams) {
        return RunRoutes.of(new RunHandler(runs, maskings, maxInputBytes, streams), control);
    }

    /** Commits what is queued. */
    @Override
    public void close() {
        creations.close();
        endings.close();
    }
}
