package dev.sluice.executor.expression;

/** Which strings of a value are expressions (DSL reference, "Evaluate"). */
public enum ExpressionMode {
    /** Those of the form <code>${ … }</code>; one that ends with an error is an error. */
    STRICT,
    /** All that compile; one that ends with an error is the string that it is. */
    LOOSE
}
