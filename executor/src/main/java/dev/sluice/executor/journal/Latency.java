package dev.sluice.executor.journal;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/**
 * How long something took on average since it was asked last. Thread-safe; what is recorded while it is asked may count in
 * either of both periods.
 */
public final class Latency {

    private final LongAdder nanos = new LongAdder();
    private final LongAdder count = new LongAdder();

    /** Notes a duration. */
    public void record(long durationNanos) {
        nanos.add(Math.max(0, durationNanos));
        count.increment();
    }

    /** The mean of what was noted since the last call, zero when that is nothing. */
    public Duration drain() {
        long number = count.sumThenReset();
        long sum = nanos.sumThenReset();
        return number == 0 ? Duration.ZERO : Duration.ofNanos(sum / number);
    }
}
