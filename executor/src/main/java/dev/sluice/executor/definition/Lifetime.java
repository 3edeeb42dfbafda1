package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * How long messages are consumed (DSL reference, "AsyncAPI Subscription Lifetime"). There is one of {@code amount}, {@code
 * proceed} and {@code until}. Both conditions are of what was consumed so far.
 *
 * @param amount   how many, absent for a condition
 * @param time     longest time, absent for any
 * @param proceed  {@code while}: holds after a message when there shall be another
 * @param until    holds before a message when there shall be none
 */
public record Lifetime(
        @Nullable Integer amount,
        @Nullable DurationValue time,
        @Nullable Expression proceed,
        @Nullable Expression until) {}
