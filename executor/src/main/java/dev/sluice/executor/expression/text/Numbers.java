package dev.sluice.executor.expression.text;

import tools.jackson.databind.JsonNode;

/** Numbers as what jq computes with. */
public final class Numbers {

    private Numbers() {}

    /** The double nearest to a number's node; infinite beyond their range, where Jackson's own accessor throws. */
    public static double toDouble(JsonNode number) {
        return switch (number.numberType()) {
            case INT, LONG -> number.longValue();
            case BIG_INTEGER -> number.bigIntegerValue().doubleValue();
            case FLOAT, DOUBLE -> number.doubleValue();
            case BIG_DECIMAL -> number.decimalValue().doubleValue();
        };
    }
}
