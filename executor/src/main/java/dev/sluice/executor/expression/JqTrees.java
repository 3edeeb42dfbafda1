package dev.sluice.executor.expression;

import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Turns the one JSON tree into that of jackson-jq and back. Coming back, numbers take the form they would have if they
 * were read from text, so that a value is equal to itself after a round through the journal.
 */
final class JqTrees {

    private static final com.fasterxml.jackson.databind.node.JsonNodeFactory THEIRS =
            com.fasterxml.jackson.databind.node.JsonNodeFactory.instance;
    private static final JsonNodeFactory OURS = JsonNodeFactory.instance;

    /** jq prints whole numbers below this without an exponent. */
    private static final double WHOLE = 1e17;

    /** Beyond the range of a double by far; the digits of such a number are never written out. */
    private static final int LARGEST_EXPONENT = 400;

    private JqTrees() {}

    static com.fasterxml.jackson.databind.JsonNode toJq(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> toJqObject(node);
            case ARRAY -> toJqArray(node);
            case STRING -> THEIRS.textNode(node.stringValue());
            case BOOLEAN -> THEIRS.booleanNode(node.booleanValue());
            case NUMBER -> toJqNumber(node);
            case NULL, MISSING, BINARY, POJO -> THEIRS.nullNode();
        };
    }

    private static com.fasterxml.jackson.databind.JsonNode toJqObject(JsonNode node) {
        var object = THEIRS.objectNode();
        for (var property : node.properties()) {
            object.set(property.getKey(), toJq(property.getValue()));
        }
        return object;
    }

    private static com.fasterxml.jackson.databind.JsonNode toJqArray(JsonNode node) {
        var array = THEIRS.arrayNode(node.size());
        for (JsonNode element : node) {
            array.add(toJq(element));
        }
        return array;
    }

    private static com.fasterxml.jackson.databind.JsonNode toJqNumber(JsonNode node) {
        return switch (node.numberType()) {
            case INT -> THEIRS.numberNode(node.intValue());
            case LONG -> THEIRS.numberNode(node.longValue());
            // jackson-jq computes with the low 64 bits of anything it takes for an integer.
            case BIG_INTEGER -> THEIRS.numberNode(node.doubleValue());
            case FLOAT, DOUBLE -> THEIRS.numberNode(node.doubleValue());
            case BIG_DECIMAL -> toJqDecimal(node.decimalValue());
        };
    }

    private static com.fasterxml.jackson.databind.JsonNode toJqDecimal(BigDecimal decimal) {
        long exponent = (long) decimal.precision() - decimal.scale();
        if (exponent > LARGEST_EXPONENT) {
            return THEIRS.numberNode(decimal.signum() * Double.MAX_VALUE);
        }
        return exponent < -LARGEST_EXPONENT
                ? THEIRS.numberNode(0)
                : com.fasterxml.jackson.databind.node.DecimalNode.valueOf(decimal);
    }

    /**
     * The value as a tree of ours.
     *
     * @throws ExpressionException when it is nested deeper than any JSON that Sluice takes
     */
    static JsonNode fromJq(com.fasterxml.jackson.databind.JsonNode node) {
        return fromJq(node, 0);
    }

    private static JsonNode fromJq(com.fasterxml.jackson.databind.JsonNode node, int depth) {
        if (depth > Json.MAX_DEPTH) {
            throw new ExpressionException("The result is nested deeper than " + Json.MAX_DEPTH + " levels");
        }
        return switch (node.getNodeType()) {
            case OBJECT -> fromJqObject(node, depth);
            case ARRAY -> fromJqArray(node, depth);
            case STRING -> OURS.stringNode(node.textValue());
            case BOOLEAN -> OURS.booleanNode(node.booleanValue());
            case NUMBER -> fromJqNumber(node);
            case NULL, MISSING, BINARY, POJO -> OURS.nullNode();
        };
    }

    private static JsonNode fromJqObject(com.fasterxml.jackson.databind.JsonNode node, int depth) {
        ObjectNode object = OURS.objectNode();
        for (var property : node.properties()) {
            object.set(property.getKey(), fromJq(property.getValue(), depth + 1));
        }
        return object;
    }

    private static JsonNode fromJqArray(com.fasterxml.jackson.databind.JsonNode node, int depth) {
        ArrayNode array = OURS.arrayNode(node.size());
        for (var element : node) {
            array.add(fromJq(element, depth + 1));
        }
        return array;
    }

    private static JsonNode fromJqNumber(com.fasterxml.jackson.databind.JsonNode node) {
        return switch (node.numberType()) {
            case INT, LONG -> whole(node.longValue());
            case BIG_INTEGER -> whole(node.bigIntegerValue());
            case FLOAT, DOUBLE -> fraction(node.doubleValue());
            case BIG_DECIMAL -> OURS.numberNode(node.decimalValue());
        };
    }

    private static JsonNode whole(long value) {
        return value == (int) value ? OURS.numberNode((int) value) : OURS.numberNode(value);
    }

    private static JsonNode whole(BigInteger value) {
        return value.bitLength() < Long.SIZE ? whole(value.longValue()) : OURS.numberNode(value);
    }

    private static JsonNode fraction(double value) {
        if (Double.isNaN(value)) {
            return OURS.nullNode();
        }
        if (value == Math.rint(value) && Math.abs(value) < WHOLE) {
            return whole((long) value);
        }
        double finite = Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
        return OURS.numberNode(BigDecimal.valueOf(finite));
    }
}
