package dev.sluice.gateway.admission;

import java.time.Duration;

/**
 * What a bucket said.
 *
 * @param admitted   whether a token was taken
 * @param remaining  tokens left, rounded down
 * @param fullIn     when the bucket is full again if nobody takes from it
 * @param retryAfter when the next token is there; zero when admitted
 */
record Decision(boolean admitted, long remaining, Duration fullIn, Duration retryAfter) {

    static final Decision RETIRED = new Decision(false, 0, Duration.ZERO, Duration.ZERO);

    static Decision admitted(long remaining, Duration fullIn) {
        return new Decision(true, remaining, fullIn, Duration.ZERO);
    }

    static Decision refused(Duration retryAfter, Duration fullIn) {
        return new Decision(false, 0, fullIn, retryAfter);
    }

    @SuppressWarnings("ReferenceEquality") // the one value that stands for "look the bucket up again"
    boolean isRetired() {
        return this == RETIRED;
    }

    /** Whole seconds until tokens come: until the bucket is full, or, when refused, until the next token. */
    long seconds() {
        Duration wait = admitted ? fullIn : retryAfter;
        return Math.max(1, (wait.toNanos() + 999_999_999L) / 1_000_000_000L);
    }
}
