package dev.sluice.executor.run;

import java.time.Duration;

/**
 * Bounds of the runs of one executor.
 *
 * @param minRuns  permits that stay, however slow the engine is
 * @param maxRuns  permits at most
 * @param maxLatency of the engine itself; above it the permits become fewer
 * @param maxTries how often a run is taken up without its journal having grown; then it is suspended
 */
public record RunLimits(int minRuns, int maxRuns, Duration maxLatency, int maxTries) {

    /** Validates the bounds. */
    public RunLimits {
        if (minRuns < 1 || maxRuns < minRuns || !maxLatency.isPositive() || maxTries < 1) {
            throw new IllegalArgumentException("minRuns: " + minRuns + ", maxRuns: " + maxRuns + ", maxLatency: "
                    + maxLatency + ", maxTries: " + maxTries
                    + " (expected: 1 <= minRuns <= maxRuns, others > 0)");
        }
    }
}
