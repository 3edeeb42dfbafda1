package dev.sluice.executor.expression;

import tools.jackson.databind.JsonNode;

/** A compiled runtime expression. Immutable and thread-safe. */
public interface Expression extends Template {

    /**
     * Evaluates to one value: the first output of the program, JSON null when it has none.
     *
     * @throws ExpressionException when the program ends with an error
     */
    @Override
    JsonNode evaluate(JsonNode input, Arguments arguments);

    /**
     * Evaluates to a truth value as jq sees it: all but {@code false} and {@code null} is true.
     *
     * @throws ExpressionException when the program ends with an error
     */
    default boolean test(JsonNode input, Arguments arguments) {
        JsonNode value = evaluate(input, arguments);
        return !value.isNull() && !(value.isBoolean() && !value.booleanValue());
    }
}
