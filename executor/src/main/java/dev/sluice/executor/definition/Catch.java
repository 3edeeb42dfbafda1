package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Expression;
import org.jspecify.annotations.Nullable;

/**
 * The {@code catch} of a try.
 *
 * @param filter     {@code errors.with}: properties an error must have, absent for any error
 * @param as         variable the error is seen as
 * @param when       must be true for the error to be caught
 * @param exceptWhen must not be true for the error to be caught
 * @param retry      how to try again, absent for not at all
 * @param tasks      {@code do}: what to do with an error that is not tried again
 * @param then       where to go after an error was caught, absent for the try's own {@code then}
 */
public record Catch(
        @Nullable ErrorFilter filter,
        String as,
        @Nullable Expression when,
        @Nullable Expression exceptWhen,
        @Nullable RetryPolicy retry,
        @Nullable TaskList tasks,
        @Nullable FlowDirective then) {

    /** Static filter: each property that is present must be equal. Error types match under all hosts of the specification. */
    public record ErrorFilter(
            @Nullable String type,
            @Nullable Integer status,
            @Nullable String instance,
            @Nullable String title,
            @Nullable String detail) {}
}
