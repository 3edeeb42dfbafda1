package dev.sluice.loadtest.capacity;

import java.time.Duration;
import org.HdrHistogram.ConcurrentHistogram;

/** Times, in microseconds with three digits, up to an hour. Thread-safe. */
final class Latencies {

    private static final long HIGHEST_MICROS = Duration.ofHours(1).toNanos() / 1_000;

    private final ConcurrentHistogram times = new ConcurrentHistogram(HIGHEST_MICROS, 3);

    void record(long nanos) {
        times.recordValue(Math.clamp(nanos / 1_000, 0, HIGHEST_MICROS));
    }

    long count() {
        return times.getTotalCount();
    }

    double millisAt(double percentile) {
        return times.getValueAtPercentile(percentile) / 1e3;
    }

    /** Such as {@code p50 1.2 ms, p99 9.8 ms, most 12.0 ms of 1000}. */
    @Override
    public String toString() {
        return "p50 %s, p99 %s, most %s of %d"
                .formatted(
                        Quantity.millis(millisAt(50)),
                        Quantity.millis(millisAt(99)),
                        Quantity.millis(times.getMaxValue() / 1e3),
                        count());
    }
}
