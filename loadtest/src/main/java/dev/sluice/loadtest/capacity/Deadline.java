package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Pause;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** A moment after which nobody waits any longer. */
record Deadline(long nanos) {

    private static final Duration POLL = Duration.ofMillis(100);

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    boolean isOver() {
        return System.nanoTime() - nanos >= 0;
    }

    /** Between two looks. */
    static void pause() {
        Pause.of(POLL);
    }

    /** Waits until it is so; returns whether it came to be in time. */
    boolean await(Duration between, BooleanSupplier until) {
        while (!until.getAsBoolean()) {
            if (isOver()) {
                return false;
            }
            Pause.of(between);
        }
        return true;
    }
}
