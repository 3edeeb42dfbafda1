package dev.sluice.executor.run;

import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * Carries a run's events to those on this node who watch it. Costs nothing for a run nobody watches. A watcher that does
 * not keep up is ended with an error once {@value #QUEUE} events wait for it; it can come back with the last id it saw.
 * Thread-safe.
 */
final class RunHub {

    static final int QUEUE = 256;

    private final Map<UUID, Set<Watcher>> watchers = new ConcurrentHashMap<>();

    /** Registers a watcher at once, before anyone subscribes, so that nothing is missed from here on. Close it. */
    Watcher watch(UUID runId) {
        Watcher watcher = new Watcher(runId);
        watchers.compute(runId, (id, set) -> {
            Set<Watcher> all = set == null ? ConcurrentHashMap.newKeySet() : set;
            all.add(watcher);
            return all;
        });
        return watcher;
    }

    boolean watched(UUID runId) {
        return watchers.containsKey(runId);
    }

    /** Runs somebody watches. */
    Set<UUID> watched() {
        return Set.copyOf(watchers.keySet());
    }

    /** Tells the watchers of a run; the event is only made when there are any. */
    void publish(UUID runId, Supplier<RunEvent> event) {
        Set<Watcher> audience = watchers.get(runId);
        if (audience != null) {
            RunEvent made = event.get();
            audience.forEach(watcher -> watcher.offer(made));
        }
    }

    /** One who watches a run. */
    final class Watcher implements AutoCloseable {

        private final UUID runId;
        private final Sinks.Many<RunEvent> sink =
                Sinks.many().unicast().onBackpressureBuffer(new ArrayBlockingQueue<>(QUEUE));

        Watcher(UUID runId) {
            this.runId = runId;
        }

        /** Events since the watcher was registered; subscribe once. Never completes by itself. */
        Flux<RunEvent> events() {
            return sink.asFlux();
        }

        @Override
        public void close() {
            watchers.computeIfPresent(runId, (id, set) -> {
                set.remove(this);
                return set.isEmpty() ? null : set;
            });
        }

        private synchronized void offer(RunEvent event) {
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
