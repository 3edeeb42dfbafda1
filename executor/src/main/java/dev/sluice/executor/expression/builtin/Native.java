package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.JqException;
import tools.jackson.databind.JsonNode;

/** A builtin that makes one value of its input and its arguments' values. */
@FunctionalInterface
public interface Native {

    /**
     * The value.
     *
     * @throws JqException the builtin's error, which programs can catch
     */
    JsonNode apply(JsonNode in, JsonNode[] arguments, Budget budget);
}
