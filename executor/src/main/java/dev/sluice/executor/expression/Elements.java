package dev.sluice.executor.expression;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** The elements of an array, which need not be in memory all at once. Immutable and thread-safe. */
public interface Elements {

    int size();

    /** The element at an index from 0 to {@code size() - 1}. */
    JsonNode get(int index);

    /**
     * The elements of an array that is there.
     *
     * @throws ExpressionException when the value is no array
     */
    static Elements of(JsonNode array) {
        if (!array.isArray()) {
            throw new ExpressionException(
                    "An array was expected, not " + array.getNodeType().name().toLowerCase(Locale.ROOT) + ".");
        }
        return new Elements() {
            @Override
            public int size() {
                return array.size();
            }

            @Override
            public JsonNode get(int index) {
                return array.get(index);
            }
        };
    }
}
