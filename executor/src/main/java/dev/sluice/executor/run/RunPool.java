package dev.sluice.executor.run;

import dev.sluice.executor.engine.Bell;
import dev.sluice.executor.node.Incarnation;
import dev.sluice.executor.node.NodeLease;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
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
    private final int permits;
    private final AtomicInteger free;
    private final Map<Key, Running> running = new ConcurrentHashMap<>();
    private final Disposable losses;
    private volatile boolean accepting = true;

    RunPool(RunExecution execution, NodeLease lease, int permits) {
        this.execution = execution;
        this.permits = permits;
        this.free = new AtomicInteger(permits);
        this.losses = lease.lost().subscribe(this::drop);
    }

    /** Sets aside up to {@code wanted} permits, none while the node stops. Close the reservation. */
    public Reservation reserve(int wanted) {
        if (!accepting) {
            return new Reservation(this, 0);
        }
        int before = free.getAndUpdate(available -> available - Math.min(available, wanted));
        return new Reservation(this, Math.min(before, wanted));
    }

    void release(int unused) {
        int now = free.addAndGet(unused);
        if (now > permits) {
            throw new IllegalStateException("free permits: " + now + " (expected: <= " + permits + ")");
        }
    }

    /** Runs in memory. */
    public int active() {
        return running.size();
    }

    boolean holds(UUID runId) {
        return running.keySet().stream().anyMatch(key -> key.id().equals(runId));
    }

    boolean holds(ClaimStore.Claim claim) {
        return running.containsKey(new Key(claim.runId(), claim.epoch()));
    }

    /** Starts a run, with a permit that was reserved for it. */
    void start(ClaimedRun run, Incarnation owner) {
        Running entry = new Running(run.node(), Sinks.empty(), Sinks.empty(), new Bell(), Disposables.swap());
        Key key = new Key(run.id(), run.epoch());
        running.put(key, entry);
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
        running.forEach((key, entry) -> {
            if (key.id().equals(runId)) {
                Sinks.EmitResult result = wish.apply(entry).tryEmitEmpty();
                LOG.debug("Telling run {}: {}", runId, result);
            }
        });
    }

    /** Tells a run that something it waits for may have happened, if it is here. */
    void ring(UUID runId) {
        running.forEach((key, entry) -> {
            if (key.id().equals(runId)) {
                entry.bell().ring();
            }
        });
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
        if (running.remove(key) != null) {
            release(1);
        }
    }

    private record Key(UUID id, int epoch) {}

    private record Running(
            UUID node, Sinks.Empty<Void> cancel, Sinks.Empty<Void> suspend, Bell bell, Disposable.Swap work) {

        Signals signals() {
            return new Signals(cancel.asMono(), suspend.asMono(), bell);
        }
    }
}
