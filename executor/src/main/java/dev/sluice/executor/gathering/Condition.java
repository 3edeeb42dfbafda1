package dev.sluice.executor.gathering;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Expression;
import dev.sluice.executor.expression.ExpressionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a condition of {@code until} says of what has gathered.
 *
 * @param holds  false also where it failed: there is no run yet that could fault
 * @param reason why it failed; null where it did not
 */
public record Condition(boolean holds, @Nullable String reason) {

    /** Evaluates it as a {@code listen} does, but without variables: all but {@code false} and {@code null} holds. */
    public static Condition of(Expression expression, JsonNode gathered) {
        try {
            return new Condition(expression.test(gathered, Arguments.NONE), null);
        } catch (ExpressionException e) {
            return new Condition(false, e.detail());
        }
    }
}
