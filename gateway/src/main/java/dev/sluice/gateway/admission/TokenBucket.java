package dev.sluice.gateway.admission;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A token bucket as one number: the instant at which it would be full again (GCRA, the virtual-scheduling form). Taking a
 * token moves that instant one interval ahead; a token is there as long as the instant is no further ahead than the whole
 * burst. Lock-free; instants are nanoseconds of a monotonic clock.
 *
 * <pre>
 *   full at:  now ──────────── +burst·interval
 *             full   part used   empty: refuse
 * </pre>
 *
 * <p>A bucket that is full again holds no memory of anyone and may be {@linkplain #retire retired}; then nobody can take
 * from it any more, so that no token is taken from a bucket that was already forgotten.
 */
final class TokenBucket {

    private static final long RETIRED = Long.MIN_VALUE;

    private final AtomicLong fullAt;

    TokenBucket(long now) {
        this.fullAt = new AtomicLong(now);
    }

    /** Takes one token if there is one; {@link Decision#isRetired} when this bucket is no longer in use. */
    Decision take(Rate rate, long now) {
        while (true) {
            long seen = fullAt.get();
            if (seen == RETIRED) {
                return Decision.RETIRED;
            }
            long next = Math.max(seen - now, 0) + rate.intervalNanos();
            long excess = next - rate.capacityNanos();
            if (excess > 0) {
                return Decision.refused(Duration.ofNanos(excess), Duration.ofNanos(seen - now));
            }
            if (fullAt.compareAndSet(seen, now + next)) {
                return Decision.admitted(-excess / rate.intervalNanos(), Duration.ofNanos(next));
            }
        }
    }

    /** Takes the bucket out of use if it is full; otherwise changes nothing. */
    boolean retire(long now) {
        long seen = fullAt.get();
        return seen == RETIRED || (seen - now <= 0 && fullAt.compareAndSet(seen, RETIRED));
    }
}
