package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Correlation;
import dev.sluice.executor.definition.EventFilter;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/**
 * What a {@code listen} wants to hear.
 *
 * @param id        the same for each repetition of the same listen of a run
 * @param reference JSON pointer of the task
 */
public record Subscription(UUID id, String reference, List<Interest> interests) {

    public Subscription {
        interests = List.copyOf(interests);
    }

    /**
     * One of its filters.
     *
     * @param position among the filters of the task
     * @param expected values of the correlations that say what they expect, in the order of their names
     */
    public record Interest(int position, EventFilter filter, List<JsonNode> expected) {

        public Interest {
            expected = List.copyOf(expected);
        }

        /** Whether it takes an event, apart from correlations whose value the first event sets. */
        boolean takes(JsonNode envelope) {
            List<JsonNode> values = filter.correlations().stream()
                    .filter(correlation -> correlation.expect() != null)
                    .map(correlation -> value(correlation, envelope))
                    .toList();
            return filter.mismatch(envelope).isEmpty()
                    && values.stream().noneMatch(JsonNode::isNull)
                    && Keys.of(values).equals(Keys.of(expected));
        }
    }

    /** What a correlation takes from an event; JSON null when that fails. */
    public static JsonNode value(Correlation correlation, JsonNode envelope) {
        try {
            return correlation.from().evaluate(envelope, Arguments.NONE);
        } catch (ExpressionException e) {
            return NullNode.getInstance();
        }
    }
}
