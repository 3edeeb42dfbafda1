package dev.sluice.executor.run;

import dev.sluice.executor.engine.Bell;
import dev.sluice.executor.node.Incarnation;
import dev.sluice.executor.node.NodeLease;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * The runs in memory on this node, at most as many as there are permits. A permit is reserved before a run is created or
 * claimed, and goes back exactly once when the run leaves memory. Thread-safe.
 */
public final class RunPool implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(RunPool.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final RunExecution execution;
    private final Permits permits;
    private final Map<Key, Running> running = new ConcurrentHashMap<>();

    /** The same by id; of a run that came back after its lease was lost, the later one. */
    private final Map<UUID, Running> latest = new ConcurrentHashMap<>();

    private final Disposable losses;
    private volatile boolean accepting = true;

    RunPool(RunExecution execution, NodeLease lease, Permits permits) {
        this.execution = execution;
        this.permits = permits;
        this.losses = lease.lost().subscribe(this::drop);
    }

    /** Sets aside a permit if one is free, none while the node stops. Close the reservation. */
    Reservation reserve() {
        return new Reservation(this, accepting ? permits.take(1) : 0);
    }

    /**
     * Sets aside up to {@code most} permits for a batch of runs, and leaves about as many for those who come one by one
     * meanwhile; none while the node stops. Close the reservation.
     */
    public Reservation reserveBatch(int most) {
        return new Reservation(this, accepting ? permits.takeSome(most) : 0);
    }

    /** The organizations that have permits. */
    public Stream<OrganizationId> organizations() {
        return permits.assigned().keySet().stream();
    }

    /** How many more permits an organization may have. */
    public int room(OrganizationId organization) {
        return permits.room(organization);
    }

    /** Whether there is a permit for a run of an organization now. */
    boolean hasRoomFor(OrganizationId organization) {
        return permits.free() > 0 && room(organization) > 0;
    }

    /** What becomes of an organization's limit while there are fewer permits than there can be. */
    public int scaled(int full) {
        return permits.scaled(full);
    }

    Permits permits() {
        return permits;
    }

    /** Runs in memory. */
    public int active() {
        return running.size();
    }

    boolean holds(UUID runId) {
        return latest.containsKey(runId);
    }

    boolean holds(ClaimStore.Claim claim) {
        return running.containsKey(new Key(claim.runId(), claim.epoch()));
    }

    /** Starts a run, with a permit that was reserved for it. */
    void start(ClaimedRun run, Incarnation owner) {
        Running entry = new Running(
                run.organization(), run.node(), Sinks.empty(), Sinks.empty(), new Bell(), Disposables.swap());
        Key key = new Key(run.id(), run.epoch());
        running.put(key, entry);
        latest.put(run.id(), entry);
        entry.work()
                .update(execution
                        .run(run, entry.signals(), owner::mayAct)
                        .doFinally(signal -> left(key))
                        .subscribe(done -> {}, error -> LOG.error("Run {} was dropped", run.id(), error)));
    }

    /** Ends a run as cancelled if it is here. */
    void cancel(UUID runId) {
        tell(runId, Running::cancel);
    }

    /** Has a run rest where its next effect would begin, if it is here. */
    void suspend(UUID runId) {
        tell(runId, Running::suspend);
    }

    private void tell(UUID runId, Function<Running, Sinks.Empty<Void>> wish) {
        Running entry = latest.get(runId);
        if (entry != null) {
            Sinks.EmitResult result = wish.apply(entry).tryEmitEmpty();
            LOG.debug("Telling run {}: {}", runId, result);
        }
    }

    /** Tells a run that something it waits for may have happened, if it is here. */
    void ring(UUID runId) {
        Running entry = latest.get(runId);
        if (entry != null) {
            entry.bell().ring();
        }
    }

    /** Takes no more runs, and completes when those here have ended or the time is up; what is left then is dropped. */
    public Mono<Void> drain(Duration limit) {
        return Mono.defer(() -> {
            accepting = false;
            return Flux.interval(Duration.ZERO, POLL)
                    .onBackpressureDrop()
                    .takeUntil(tick -> running.isEmpty())
                    .take(limit)
                    .then(Mono.fromRunnable(this::dispose));
        });
    }

    @Override
    public void dispose() {
        accepting = false;
        losses.dispose();
        running.values().forEach(entry -> entry.work().dispose());
    }

    private void drop(Incarnation lost) {
        running.values().stream()
                .filter(entry -> entry.node().equals(lost.id()))
                .forEach(entry -> entry.work().dispose());
    }

    private void left(Key key) {
        Running entry = running.remove(key);
        if (entry != null) {
            latest.remove(key.id(), entry);
            permits.release(entry.organization(), 1);
        }
    }

    private record Key(UUID id, int epoch) {}

    private record Running(
            OrganizationId organization,
            UUID node,
            Sinks.Empty<Void> cancel,
            Sinks.Empty<Void> suspend,
            Bell bell,
            Disposable.Swap work) {

        Signals signals() {
            return new Signals(cancel.asMono(), suspend.asMono(), bell);
        }
    }
}
