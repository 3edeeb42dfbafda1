package dev.sluice.gateway.published;

import dev.sluice.gateway.breaker.Breaker;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the requests through one version of a route share on this node: how many there are, and whether its upstream is well.
 * Thread-safe, does not block.
 */
public final class PassageState {

    private static final Duration SOON = Duration.ofSeconds(1);

    private final Breaker breaker = new Breaker();
    private final AtomicInteger underWay = new AtomicInteger();
    private final int concurrent;

    PassageState(int concurrent) {
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
        if (!breaker.tryEnter(System.nanoTime())) {
            throw SluiceException.unavailable(
                    "The upstream of this route fails too often, and is left alone for a few seconds.",
                    Breaker.PAUSE,
                    null);
        }
    }

    /** The upstream answered as it should. */
    public void succeeded() {
        breaker.succeeded();
    }

    /** The upstream did not. */
    public void failed() {
        breaker.failed(System.nanoTime());
    }

    /** Nobody waited for how the upstream would answer. */
    public void withdrawn() {
        breaker.withdrawn();
    }
}
