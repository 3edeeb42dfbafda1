package dev.sluice.executor.expression;

/** An expression that does not compile, or whose evaluation ended with an error. The message is shown to authors. */
public final class ExpressionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The message as jq words it. */
    public ExpressionException(String message) {
        super(message, null, false, false);
    }
}
