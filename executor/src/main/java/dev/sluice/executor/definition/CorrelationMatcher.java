package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** A correlation of an event that starts a run by itself: there is a value, and it is the constant that is expected, if one is. */
record CorrelationMatcher(Correlation correlation) implements EventMatcher {

    @Override
    public Optional<String> mismatch(JsonNode envelope) {
        String name = "correlation '" + correlation.name() + '\'';
        try {
            JsonNode value = correlation.from().evaluate(envelope, Arguments.NONE);
            if (value.isNull() || correlation.expect() == null) {
                return value.isNull() ? Optional.of(name + " has no value") : Optional.empty();
            }
            JsonNode expected = correlation.expect().evaluate(NullNode.getInstance(), Arguments.NONE);
            return new ValueMatcher.Equal(expected).mismatch(name, value);
        } catch (ExpressionException e) {
            return Optional.of(name + " has no value: " + e.getMessage());
        }
    }
}
