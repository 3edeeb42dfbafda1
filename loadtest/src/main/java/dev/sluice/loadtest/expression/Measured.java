package dev.sluice.loadtest.expression;

import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/**
 * Of one operation, medians of all iterations.
 *
 * @param nanos     by the clock
 * @param processor nanoseconds of processors, which change less when others use the machine
 * @param bytes     allocated
 */
public record Measured(double nanos, double processor, double bytes) {

    private static final double MICROS = 1_000;

    static Measured of(RunResult run) {
        return new Measured(
                median(run.getPrimaryResult()),
                median(secondary(run, ProcessorTime.NAME)),
                median(secondary(run, "gc.alloc.rate.norm")));
    }

    private static Result<?> secondary(RunResult run, String name) {
        Result<?> result = run.getSecondaryResults().get(name);
        if (result == null) {
            throw new IllegalStateException(
                    "No " + name + " among " + run.getSecondaryResults().keySet());
        }
        return result;
    }

    private static double median(Result<?> result) {
        return result.getStatistics().getPercentile(50);
    }

    /** By the clock, with its unit. */
    public String time() {
        return shown(nanos);
    }

    /** Of processors, with its unit. */
    public String processorTime() {
        return shown(processor);
    }

    private static String shown(double nanos) {
        return nanos < MICROS ? "%.0f ns".formatted(nanos) : "%.1f µs".formatted(nanos / MICROS);
    }

    /** Bytes. */
    public String size() {
        return "%.0f".formatted(bytes);
    }
}
