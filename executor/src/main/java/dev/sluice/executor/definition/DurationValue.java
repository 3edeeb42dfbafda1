package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Arguments;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** A duration of a document: written as properties, as ISO 8601 text, or as an expression that gives such text. */
@FunctionalInterface
public interface DurationValue {

    /**
     * The duration, never negative.
     *
     * @throws dev.sluice.executor.expression.ExpressionException when an expression fails or gives no ISO 8601 duration
     */
    Duration resolve(JsonNode input, Arguments arguments);
}
