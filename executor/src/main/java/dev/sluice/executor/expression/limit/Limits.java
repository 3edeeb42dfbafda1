package dev.sluice.executor.expression.limit;

import java.time.Duration;

/**
 * How much one evaluation may use. All but the time are deterministic: the same program with the same values runs into the
 * same bound on every machine.
 *
 * @param steps   iterations, calls, characters and elements that builtins go over
 * @param bytes   estimated bytes of all values made, also of those dropped again; no value is larger
 * @param depth   levels of calls within calls
 * @param outputs values given
 * @param result  estimated bytes of a value that leaves the evaluation, counted as often as it would be written
 * @param nesting levels of a value that leaves the evaluation
 * @param time    time by the clock
 */
public record Limits(long steps, long bytes, int depth, long outputs, long result, int nesting, Duration time) {

    /** Throws IllegalArgumentException for a bound that is not positive. */
    public Limits {
        positive("steps", steps);
        positive("bytes", bytes);
        positive("depth", depth);
        positive("outputs", outputs);
        positive("result", result);
        positive("nesting", nesting);
        positive("time", time.toNanos());
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
