package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * How often and when a try is tried again.
 *
 * @param when            must be true to try again
 * @param exceptWhen      must not be true to try again
 * @param delay           base delay, absent for none
 * @param backoff         how the delay grows with attempts
 * @param maxAttempts     most retries after the first attempt, absent for no limit of count
 * @param attemptDuration longest duration of one attempt
 * @param duration        longest time from the first attempt's start within which a retry may start
 * @param jitterFrom      least random addition to the delay, present exactly when {@code jitterTo} is
 * @param jitterTo        largest random addition to the delay
 */
public record RetryPolicy(
        @Nullable Expression when,
        @Nullable Expression exceptWhen,
        @Nullable DurationValue delay,
        Backoff backoff,
        @Nullable Integer maxAttempts,
        @Nullable DurationValue attemptDuration,
        @Nullable DurationValue duration,
        @Nullable DurationValue jitterFrom,
        @Nullable DurationValue jitterTo) {

    /** Growth of the delay: constant, times the attempt, or doubled with each. */
    public enum Backoff {
        CONSTANT,
        LINEAR,
        EXPONENTIAL
    }
}
