package dev.sluice.executor.expression;

import dev.sluice.executor.expression.syntax.Problem;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An expression that does not compile, or whose evaluation ended with an error. The message is shown to authors. */
public final class ExpressionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Problem place;

    /** The message as jq words it. */
    public ExpressionException(String message) {
        super(message, null, false, false);
        this.place = null;
    }

    /** The same, with the place in the program that raised it. */
    ExpressionException(String message, Problem place) {
        super(message, null, false, false);
        this.place = place;
    }

    /** The message, and where in the program it was raised as far as that is known. */
    public String detail() {
        return place == null ? Objects.requireNonNullElse(getMessage(), "") : place.toString();
    }

    /** Where in the program it was raised: line and column from 1. Empty where nobody knows, as for an error that the program made itself. */
    public Optional<Problem> place() {
        return Optional.ofNullable(place);
    }
}
