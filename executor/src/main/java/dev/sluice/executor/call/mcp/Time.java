package dev.sluice.executor.call.mcp;

import java.time.Duration;

/** How long a call may still take, by the monotonic clock. */
final class Time {

    private final long end;

    Time(Duration limit) {
        this.end = System.nanoTime() + limit.toNanos();
    }

    /** Never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }
}
