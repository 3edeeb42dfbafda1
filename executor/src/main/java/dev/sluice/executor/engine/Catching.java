package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Catch;
import dev.sluice.executor.definition.DurationValue;
import dev.sluice.executor.definition.RetryPolicy;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Expression;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The decisions of a catch: which errors it takes, whether to try again, and after how long. */
final class Catching {

    /** No delay grows beyond this. */
    private static final Duration LONGEST_DELAY = Duration.ofDays(1);

    private Catching() {}

    /** What becomes of a fault. */
    enum Decision {
        PASS_ON,
        TRY_AGAIN,
        HANDLE
    }

    /**
     * The decision of a catch that may catch the fault.
     *
     * @param attempt how many were made before the one that failed
     * @param start   state when the first attempt began
     * @param caught  state after the attempt that failed
     */
    static Decision decide(Catch handler, TaskFault fault, int attempt, State start, State caught, Arguments scope) {
        if (!catches(handler, fault.error(), start.data(), scope)) {
            return Decision.PASS_ON;
        }
        return fault.repeatable() && retries(handler.retry(), attempt, start, caught, scope)
                ? Decision.TRY_AGAIN
                : Decision.HANDLE;
    }

    private static boolean catches(Catch handler, DslError error, JsonNode input, Arguments scope) {
        return matches(handler.filter(), error)
                && holds(handler.when(), true, input, scope)
                && holds(handler.exceptWhen(), false, input, scope);
    }

    private static boolean retries(@Nullable RetryPolicy policy, int attempt, State start, State now, Arguments scope) {
        if (policy == null || (policy.maxAttempts() != null && attempt >= policy.maxAttempts())) {
            return false;
        }
        return withinDuration(policy.duration(), start, now, scope)
                && holds(policy.when(), true, now.data(), scope)
                && holds(policy.exceptWhen(), false, now.data(), scope);
    }

    /** The delay before the next attempt, with jitter: not repeatable, so it is journaled. */
    static Duration delay(RetryPolicy policy, int attempt, JsonNode input, Arguments scope) {
        Duration base = policy.delay() == null ? Duration.ZERO : policy.delay().resolve(input, scope);
        Duration grown = cap(grow(policy.backoff(), cap(base), attempt));
        if (policy.jitterFrom() == null || policy.jitterTo() == null) {
            return grown;
        }
        long from = policy.jitterFrom().resolve(input, scope).toMillis();
        long to = Math.max(from, policy.jitterTo().resolve(input, scope).toMillis());
        return cap(grown.plusMillis(ThreadLocalRandom.current().nextLong(from, to + 1)));
    }

    private static Duration grow(RetryPolicy.Backoff backoff, Duration base, int attempt) {
        return switch (backoff) {
            case CONSTANT -> base;
            case LINEAR -> base.multipliedBy(attempt + 1L);
            case EXPONENTIAL -> base.multipliedBy(1L << Math.min(attempt, 30));
        };
    }

    private static boolean withinDuration(@Nullable DurationValue limit, State start, State now, Arguments scope) {
        return limit == null || now.clock().isBefore(start.clock().plus(limit.resolve(now.data(), scope)));
    }

    private static boolean matches(Catch.@Nullable ErrorFilter filter, DslError error) {
        return filter == null
                || ((filter.type() == null || ErrorType.same(filter.type(), error.type()))
                        && (filter.status() == null || filter.status() == error.status())
                        && same(filter.instance(), error.instance())
                        && same(filter.title(), error.title())
                        && same(filter.detail(), error.detail()));
    }

    private static boolean same(@Nullable String wanted, @Nullable String actual) {
        return wanted == null || Objects.equals(wanted, actual);
    }

    private static boolean holds(@Nullable Expression condition, boolean wanted, JsonNode input, Arguments scope) {
        return condition == null || condition.test(input, scope) == wanted;
    }

    private static Duration cap(Duration duration) {
        return duration.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : duration;
    }
}
