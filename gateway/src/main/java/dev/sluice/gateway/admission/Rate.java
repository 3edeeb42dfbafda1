package dev.sluice.gateway.admission;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How much one caller may send.
 *
 * @param rate  requests per second in the long run, 0.001 to 1,000,000
 * @param burst requests at once after a pause, 1 to 1,000,000
 */
public record Rate(
        @DefaultValue("5000") double rate,
        @DefaultValue("10000") int burst) {

    private static final long NANOS = 1_000_000_000L;

    public Rate {
        requireUsable(rate, burst);
    }

    static void requireUsable(double rate, int burst) {
        if (!(rate >= 0.001 && rate <= 1_000_000)) {
            throw new IllegalArgumentException("rate: " + rate + " (expected: 0.001 to 1000000)");
        }
        if (burst < 1 || burst > 1_000_000) {
            throw new IllegalArgumentException("burst: " + burst + " (expected: 1 to 1000000)");
        }
    }

    long intervalNanos() {
        return (long) (NANOS / rate);
    }

    long capacityNanos() {
        return intervalNanos() * burst;
    }

    /** Whole seconds in which an empty bucket is full again, at least one. */
    long windowSeconds() {
        return Math.max(1, (capacityNanos() + NANOS - 1) / NANOS);
    }
}
