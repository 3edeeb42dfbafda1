package dev.sluice.executor.share;

import org.jspecify.annotations.Nullable;

/**
 * What an organization may have of one executor.
 *
 * @param maxRuns runs in memory at once, absent for the default
 * @param weight  its part of what is scarce, in proportion to that of others, 1 to {@value #MAX_WEIGHT}
 */
record Share(@Nullable Integer maxRuns, int weight) {

    static final int MAX_WEIGHT = 1_000;
    static final int MAX_RUNS = 1_000_000;

    /** Of an organization for which nothing was set. */
    static final Share DEFAULT = new Share(null, 1);

    Share {
        if (maxRuns != null && (maxRuns < 1 || maxRuns > MAX_RUNS)) {
            throw new IllegalArgumentException("maxRuns: " + maxRuns + " (expected: 1 to " + MAX_RUNS + ")");
        }
        if (weight < 1 || weight > MAX_WEIGHT) {
            throw new IllegalArgumentException("weight: " + weight + " (expected: 1 to " + MAX_WEIGHT + ")");
        }
    }
}
