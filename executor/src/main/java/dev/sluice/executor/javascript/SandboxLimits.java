package dev.sluice.executor.javascript;

import java.time.Duration;

/**
 * What one script may use.
 *
 * @param memoryBytes of its memory, which has the interpreter and all of the script's values
 * @param outputBytes of each of what it writes to standard output and to standard error
 * @param time        from its beginning to its end, by the clock
 */
public record SandboxLimits(long memoryBytes, int outputBytes, Duration time) {

    /** The interpreter by itself has three. */
    private static final long LEAST_MEMORY = 4L << 20;

    /** The most that WebAssembly addresses. */
    private static final long MOST_MEMORY = 1L << 31;

    /** Checks the bounds. */
    public SandboxLimits {
        if (memoryBytes < LEAST_MEMORY || memoryBytes > MOST_MEMORY) {
            throw new IllegalArgumentException(
                    "memoryBytes: " + memoryBytes + " (expected: " + LEAST_MEMORY + " to " + MOST_MEMORY + ')');
        }
        if (outputBytes < 1) {
            throw new IllegalArgumentException("outputBytes: " + outputBytes + " (expected: > 0)");
        }
        if (!time.isPositive()) {
            throw new IllegalArgumentException("time: " + time + " (expected: > 0)");
        }
    }
}
