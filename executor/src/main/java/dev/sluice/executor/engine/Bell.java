package dev.sluice.executor.engine;

import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Rung when something that a run waits for may have happened: an event it listens to, the end of a run it started. A ring
 * is a hint to look. Who notes the count before looking misses none that comes while it looks. Thread-safe.
 */
public final class Bell {

    private final Sinks.Many<Long> rings = Sinks.many().replay().latestOrDefault(0L);
    private long count;

    /** Wakes those who wait. */
    public synchronized void ring() {
        count++;
        // Of a replaying sink nobody is too slow for: each subscriber asks for one ring.
        rings.emitNext(count, Sinks.EmitFailureHandler.FAIL_FAST);
    }

    /** How often it has been rung. */
    synchronized long rung() {
        return count;
    }

    /** Completes once it has been rung more often than this. */
    Mono<Void> after(long seen) {
        return rings.asFlux().filter(ring -> ring > seen).next().then();
    }
}
