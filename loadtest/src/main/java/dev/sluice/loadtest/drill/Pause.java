package dev.sluice.loadtest.drill;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waiting, for a command line. */
public final class Pause {

    private Pause() {}

    public static void of(Duration time) {
        try {
            TimeUnit.NANOSECONDS.sleep(time.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillFailure("Interrupted.", e);
        }
    }
}
