package dev.sluice.gateway.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * This node's view of a token bucket that all gateways share, as one number: the instant at which it would be full again
 * (GCRA, the virtual-scheduling form). Taking a token moves that instant one interval ahead for each gateway there is, as if
 * the others took as many; what they took in truth comes by {@link #settle}. A token is there as long as the instant is no
 * further ahead than the whole burst, and in a full bucket there always is one. Lock-free; instants are nanoseconds of a
 * monotonic clock.
 *
 * <pre>
 *   full at:  now ──────────── +burst·interval
 *             full   part used   empty: refuse
 * </pre>
 *
 * <p>A bucket that is full again and has told all that was taken holds no memory of anyone and may be
 * {@linkplain #retire retired}; then nobody can take from it any more, so that no token is taken from a bucket that was
 * already forgotten.
 */
final class TokenBucket {

    private static final long RETIRED = Long.MIN_VALUE;

    private final AtomicLong fullAt;
    private final AtomicLong untold = new AtomicLong();

    TokenBucket(long now) {
        this.fullAt = new AtomicLong(now);
    }

    /** Takes one token if there is one; {@link Decision#isRetired} when this bucket is no longer in use. */
    Decision take(Rate rate, int nodes, long now) {
        long cost = rate.intervalNanos() * nodes;
        while (true) {
            long seen = fullAt.get();
            if (seen == RETIRED) {
                return Decision.RETIRED;
            }
            long ahead = Math.max(seen - now, 0);
            long excess = ahead + cost - rate.capacityNanos();
            if (excess > 0 && ahead > 0) {
                return Decision.refused(Duration.ofNanos(Math.min(excess, ahead)), Duration.ofNanos(ahead));
            }
            // What the others are thought to have taken never empties the bucket more than it can be.
            long next = Math.min(ahead + cost, Math.max(ahead + rate.intervalNanos(), rate.capacityNanos()));
            if (fullAt.compareAndSet(seen, now + next)) {
                return Decision.admitted(Math.max(0, -excess) / cost, Duration.ofNanos(next));
            }
        }
    }

    /** Notes that a token was taken, of which the others are to be told; true for the first since {@link #tell}. */
    boolean note() {
        return untold.getAndIncrement() == 0;
    }

    /** How many were taken that nobody was told of; from now on they have been. */
    long tell() {
        return untold.getAndSet(0);
    }

    /**
     * They have not, and are to be told again; but not of what has come back since, or it would be waited for twice. True
     * when the bucket is to be reported.
     */
    boolean takeBack(long taken, Rate rate, int nodes, long now) {
        long owed = Math.ceilDiv(Math.max(0, fullAt.get() - now), rate.intervalNanos() * nodes);
        long kept = Math.min(taken, owed);
        return kept > 0 && untold.getAndAdd(kept) == 0;
    }

    /** Goes by what all gateways have taken together, and by what this one has taken since. */
    void settle(long fullInNanos, Rate rate, int nodes, long now) {
        long since = untold.get() * rate.intervalNanos() * nodes;
        long ignored = fullAt.updateAndGet(seen -> seen == RETIRED ? RETIRED : now + fullInNanos + since);
    }

    /** Takes the bucket out of use if it is full; otherwise changes nothing. */
    boolean retire(long now) {
        long seen = fullAt.get();
        return seen == RETIRED || (untold.get() == 0 && seen - now <= 0 && fullAt.compareAndSet(seen, RETIRED));
    }
}
