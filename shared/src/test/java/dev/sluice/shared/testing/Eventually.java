package dev.sluice.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Waiting for what others bring about: for half a minute at most, then the test fails. Both block, and look on the caller's
 * thread, with pauses in which others have the processor.
 */
public final class Eventually {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(2);

    private Eventually() {}

    /** Waits until a condition holds. */
    public static void eventually(BooleanSupplier condition) {
        eventually(condition::getAsBoolean, holds -> holds);
    }

    /** Waits until what is seen is as wanted; what was seen then. A failure tells what was seen last. */
    @CanIgnoreReturnValue
    public static <T> T eventually(Supplier<T> look, Predicate<T> wanted) {
        long start = System.nanoTime();
        T seen = look.get();
        while (!wanted.test(seen)) {
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("waited in vain, for in the end there was: %s", seen)
                    .isLessThan(PATIENCE);
            LockSupport.parkNanos(PAUSE.toNanos());
            seen = look.get();
        }
        return seen;
    }
}
