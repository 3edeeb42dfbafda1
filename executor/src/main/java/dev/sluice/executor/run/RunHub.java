package dev.sluice.executor.run;

import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * Carries a run's events to those on this node who watch it, and its end to those who only wait for that: most callers
 * do, and for them no event is made. Costs nothing for a run nobody watches. A watcher that does not keep up is ended with
 * an error once {@value #QUEUE} events wait for it; it can come back with the last id it saw. Thread-safe.
 */
final class RunHub {

    static final int QUEUE = 256;

    private static final Logger LOG = LoggerFactory.getLogger(RunHub.class);

    private final Map<UUID, Set<Watcher>> watchers = new ConcurrentHashMap<>();
    private final Map<UUID, Set<Waiter>> waiters = new ConcurrentHashMap<>();

    /** Registers a watcher at once, before anyone subscribes, so that nothing is missed from here on. Close it. */
    Watcher watch(UUID runId) {
        return add(watchers, runId, new Watcher(runId, false));
    }

    /** The same, of a run that is about to be made; it closes itself at the run's end, should nobody come to read it. */
    Watcher watchToTheEnd(UUID runId) {
        return add(watchers, runId, new Watcher(runId, true));
    }

    /** Registers who waits for nothing but the end, at once. Close it. */
    Waiter await(UUID runId) {
        return add(waiters, runId, new Waiter(runId));
    }

    /** Runs somebody watches, or awaits the end of. */
    Set<UUID> watched() {
        Set<UUID> all = new HashSet<>(watchers.keySet());
        all.addAll(waiters.keySet());
        return all;
    }

    /** Tells the watchers of a run; the event is only made when there are any. */
    void publish(UUID runId, Supplier<RunEvent> event) {
        Set<Watcher> audience = watchers.get(runId);
        if (audience != null) {
            RunEvent made = event.get();
            audience.forEach(watcher -> watcher.offer(made));
        }
    }

    /** The same, of several that happened together. */
    void publishAll(UUID runId, Supplier<List<RunEvent>> events) {
        Set<Watcher> audience = watchers.get(runId);
        if (audience != null) {
            List<RunEvent> made = events.get();
            audience.forEach(watcher -> made.forEach(watcher::offer));
        }
    }

    /** Whether somebody watches a run here, rather than awaiting its end. */
    boolean isWatched(UUID runId) {
        return watchers.containsKey(runId);
    }

    /** Tells all that a run has ended. */
    void end(UUID runId, RunEnd end, RunEvents events) {
        publish(runId, () -> events.ended(end));
        waiters.getOrDefault(runId, Set.of()).forEach(waiter -> waiter.offer(end));
    }

    private static <T> T add(Map<UUID, Set<T>> audiences, UUID runId, T one) {
        audiences.compute(runId, (id, set) -> {
            Set<T> all = set == null ? ConcurrentHashMap.newKeySet() : set;
            all.add(one);
            return all;
        });
        return one;
    }

    private static <T> void remove(Map<UUID, Set<T>> audiences, UUID runId, T one) {
        audiences.computeIfPresent(runId, (id, set) -> {
            set.remove(one);
            return set.isEmpty() ? null : set;
        });
    }

    /** One who waits for a run's end. */
    final class Waiter implements AutoCloseable {

        private final UUID runId;
        private final Sinks.One<RunEnd> sink = Sinks.one();

        Waiter(UUID runId) {
            this.runId = runId;
        }

        /** The end, also when it came before the subscription. */
        Mono<RunEnd> end() {
            return sink.asMono();
        }

        @Override
        public void close() {
            remove(waiters, runId, this);
        }

        /** A second telling of the same end changes nothing. */
        private void offer(RunEnd end) {
            if (sink.tryEmitValue(end).isFailure()) {
                LOG.debug("The end of run {} is known already", runId);
            }
        }
    }

    /** One who watches a run. */
    final class Watcher implements AutoCloseable {

        private final UUID runId;
        private final boolean toTheEnd;
        private final Sinks.Many<RunEvent> sink = Sinks.many()
                .unicast()
                .onBackpressureBuffer(Queues.<RunEvent>get(QUEUE).get());

        Watcher(UUID runId, boolean toTheEnd) {
            this.runId = runId;
            this.toTheEnd = toTheEnd;
        }

        /** Events since the watcher was registered; subscribe once. Never completes by itself. */
        Flux<RunEvent> events() {
            return sink.asFlux();
        }

        @Override
        public void close() {
            remove(watchers, runId, this);
        }

        private synchronized void offer(RunEvent event) {
            if (toTheEnd && event.end() != null) {
                close();
            }
            if (sink.tryEmitNext(event) == Sinks.EmitResult.FAIL_OVERFLOW) {
                Sinks.EmitResult ended = sink.tryEmitError(SluiceException.unavailable(
                        "The reader does not keep up; continue from the last id it saw.", Duration.ofSeconds(1), null));
                if (ended.isSuccess()) {
                    close();
                }
            }
        }
    }
}
