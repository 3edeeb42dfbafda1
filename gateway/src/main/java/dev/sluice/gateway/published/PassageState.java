package dev.sluice.gateway.published;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the requests through one version of a route share on this node: how many there are, and whether its upstream is well.
 * Once half of the last {@value #WINDOW} requests failed, no more are sent for {@value #OPEN_SECONDS} seconds, and then a few,
 * which show whether it is well again. Thread-safe, does not block.
 */
public final class PassageState {

    private static final int WINDOW = 50;
    private static final int AT_LEAST = 20;
    private static final int OPEN_SECONDS = 5;
    private static final int TRIALS = 5;
    private static final int HALF = 50;
    private static final Duration SOON = Duration.ofSeconds(1);

    private static final CircuitBreakerConfig CONFIG = CircuitBreakerConfig.custom()
            .slidingWindow(
                    WINDOW,
                    AT_LEAST,
                    CircuitBreakerConfig.SlidingWindowType.COUNT_BASED,
                    CircuitBreakerConfig.SlidingWindowSynchronizationStrategy.LOCK_FREE)
            .failureRateThreshold(HALF)
            .waitDurationInOpenState(Duration.ofSeconds(OPEN_SECONDS))
            .permittedNumberOfCallsInHalfOpenState(TRIALS)
            .build();

    private final CircuitBreaker breaker;
    private final AtomicInteger underWay = new AtomicInteger();
    private final int concurrent;

    PassageState(String name, int concurrent) {
        this.breaker = CircuitBreaker.of(name, CONFIG);
        this.concurrent = concurrent;
    }

    /** One more request; {@code RATE_LIMITED} when there are as many as may be. To be followed by {@link #leave}. */
    public void enter() {
        if (underWay.incrementAndGet() > concurrent) {
            underWay.decrementAndGet();
            throw new SluiceException(
                    ProblemType.RATE_LIMITED,
                    "This route has " + concurrent + " requests under way, which is all it may have.",
                    List.of(),
                    Map.of(),
                    SOON,
                    null);
        }
    }

    /** The request has ended. */
    public void leave() {
        underWay.decrementAndGet();
    }

    /** Before each time that something is sent; {@code UNAVAILABLE} while nothing is. To be followed by one of the others. */
    public void requireWell() {
        if (!breaker.tryAcquirePermission()) {
            throw SluiceException.unavailable(
                    "The upstream of this route fails too often, and is left alone for a few seconds.",
                    Duration.ofSeconds(OPEN_SECONDS),
                    null);
        }
    }

    /** The upstream answered as it should. */
    public void succeeded() {
        breaker.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /** The upstream did not. */
    public void failed(Throwable error) {
        breaker.onError(0, TimeUnit.NANOSECONDS, error);
    }

    /** Nobody waited for how the upstream would answer. */
    public void withdrawn() {
        breaker.releasePermission();
    }
}
