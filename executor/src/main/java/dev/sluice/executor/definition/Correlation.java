package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.Template;
import org.jspecify.annotations.Nullable;

/**
 * A link between an event and a run, or between events that start one (DSL reference, "Correlation").
 *
 * @param name   by which filters of one task share what they expect
 * @param from   takes the value from an event's envelope
 * @param source text of {@code from}; filters with the same text take the same value
 * @param expect gives the value from the run, absent when the first event that is consumed does
 */
public record Correlation(
        String name,
        Expression from,
        String source,
        @Nullable Template expect) {}
