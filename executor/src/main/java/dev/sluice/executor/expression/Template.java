package dev.sluice.executor.expression;

import tools.jackson.databind.JsonNode;

/**
 * A JSON value of a document in which each string of the form <code>${ … }</code> is an expression; all else stands for
 * itself. Immutable and thread-safe.
 */
@FunctionalInterface
public interface Template {

    /**
     * The value with all expressions evaluated over the input.
     *
     * @throws ExpressionException when one of them ends with an error
     */
    JsonNode evaluate(JsonNode input, Arguments arguments);

    /**
     * The elements of the array that this evaluates to, one after another where that is possible.
     *
     * @throws ExpressionException when an expression ends with an error, or the value is no array
     */
    default Elements elements(JsonNode input, Arguments arguments) {
        return Elements.of(evaluate(input, arguments));
    }
}
