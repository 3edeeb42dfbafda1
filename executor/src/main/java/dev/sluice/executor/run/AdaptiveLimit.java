package dev.sluice.executor.run;

import java.time.Duration;

/**
 * How many runs the engine may have, by how long its own work takes (additive increase, multiplicative decrease):
 *
 * <pre>
 *   latency above the bound, {@value #PATIENCE} times in a row ──▶ an eighth less than is used, each time again
 *   latency within the bound, four fifths used               ──▶ a twentieth of the maximum more
 *   otherwise                                                ──▶ as it is
 * </pre>
 *
 * <p>It begins at the maximum. Only the engine's own latency may be given to it, never an upstream's: runs that wait in a
 * slow call cost memory and nothing else. For one caller at a time.
 */
final class AdaptiveLimit {

    /** A commit that was slow for a moment, as at a checkpoint of the database, says nothing. */
    static final int PATIENCE = 3;

    private final int min;
    private final int max;
    private final Duration bound;
    private int limit;
    private int slow;

    AdaptiveLimit(int min, int max, Duration bound) {
        if (min < 1 || max < min || !bound.isPositive()) {
            throw new IllegalArgumentException(
                    "min: " + min + ", max: " + max + ", bound: " + bound + " (expected: 1 <= min <= max, bound > 0)");
        }
        this.min = min;
        this.max = max;
        this.bound = bound;
        this.limit = max;
    }

    /** The limit from now on, after a period with this latency and so many permits in use. */
    int next(Duration latency, int used) {
        slow = latency.compareTo(bound) > 0 ? slow + 1 : 0;
        if (slow >= PATIENCE) {
            int less = Math.min(limit, used) / 8 * 7;
            limit = Math.max(min, Math.min(less, limit));
        } else if (slow == 0 && (long) used * 5 >= (long) limit * 4) {
            limit = (int) Math.min(max, limit + Math.max(1L, max / 20));
        }
        return limit;
    }
}
