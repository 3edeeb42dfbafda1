package dev.sluice.gateway.lookup;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.pool.InstrumentedPool;
import reactor.pool.PoolAcquirePendingLimitException;
import reactor.pool.PoolAcquireTimeoutException;
import reactor.pool.PoolBuilder;
import reactor.pool.PooledRef;

/** A few places to work in and a bounded queue for them. Thread-safe, does not block. */
final class Places {

    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofSeconds(1);

    private final InstrumentedPool<Object> pool;

    Places(int atOnce, int waiting) {
        this.pool = PoolBuilder.from(Mono.fromSupplier(Object::new))
                .sizeBetween(0, atOnce)
                .maxPendingAcquire(waiting)
                .buildPool();
    }

    /**
     * The work, when it is its turn; {@link ProblemType#UNAVAILABLE} at once when too many wait, and for one that waited in
     * vain. The place is given back when the work ends, fails, or is cancelled.
     */
    <T> Mono<T> in(Mono<T> work) {
        return Mono.usingWhen(acquire(), place -> work, PooledRef::release);
    }

    private Mono<PooledRef<Object>> acquire() {
        return pool.acquire(PATIENCE)
                .onErrorMap(PoolAcquirePendingLimitException.class, Places::full)
                .onErrorMap(PoolAcquireTimeoutException.class, Places::full);
    }

    private static SluiceException full(Throwable cause) {
        return SluiceException.unavailable("Too many unknown keys are being looked up.", SOON, cause);
    }
}
