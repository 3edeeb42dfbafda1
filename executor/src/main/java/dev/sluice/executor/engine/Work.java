package dev.sluice.executor.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;

/**
 * What a run computes elsewhere, or later since others have its thread in the meantime. A branch that computes has not come to what it
 * does next: after a crash that may be a call that was made before. Thread-safe.
 */
final class Work {

    private static final Duration GLANCE = Duration.ofMillis(1);

    /** A branch may compute for ever, and what another has come to must be heard of at last. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final AtomicInteger underWay = new AtomicInteger();
    private final Scheduler thread;

    /** Of the run that has this thread. */
    Work(Scheduler thread) {
        this.thread = thread;
    }

    /** What somebody computes elsewhere; its result comes on the run's thread. */
    <T> Mono<T> elsewhere(Mono<T> computed) {
        return Mono.defer(() -> {
            Runnable ended = begin();
            return computed.doFinally(end -> ended.run());
        });
    }

    /** Goes on with the run's thread once others have had it. */
    <T> Mono<T> later(Supplier<Mono<T>> next) {
        return Mono.defer(() -> {
            Runnable ended = begin();
            return Mono.defer(() -> {
                        ended.run();
                        return next.get();
                    })
                    .subscribeOn(thread)
                    .doFinally(end -> ended.run());
        });
    }

    /** Completes when nothing is computed, and after {@link #PATIENCE} all the same; at once as a rule. */
    Mono<Void> settled() {
        return Mono.defer(() -> underWay.get() == 0
                ? Mono.empty()
                : Mono.firstWithSignal(
                                Mono.delay(GLANCE, thread)
                                        .repeat(() -> underWay.get() != 0)
                                        .last(),
                                Mono.delay(PATIENCE, thread))
                        .then());
    }

    private Runnable begin() {
        underWay.incrementAndGet();
        AtomicBoolean over = new AtomicBoolean();
        return () -> {
            if (over.compareAndSet(false, true)) {
                underWay.decrementAndGet();
            }
        };
    }
}
