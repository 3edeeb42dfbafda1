package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.Arithmetic;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Values;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sums of many values, in one go where adding one to the other would copy all before it again and again. */
final class Sums {

    private Sums() {}

    /** {@code add}: of all elements, or of all values of an object. */
    static JsonNode of(JsonNode in, Budget budget) {
        check(in);
        JsonNode sum = Values.NULL;
        boolean ours = false;
        StringBuilder text = null;
        for (JsonNode element : in) {
            budget.step();
            if (text != null && element.isString()) {
                append(text, element.stringValue(), budget);
            } else if (sum.isString() && element.isString() && text == null) {
                text = new StringBuilder(sum.stringValue());
                append(text, element.stringValue(), budget);
            } else {
                sum = text == null ? sum : Values.of(text.toString(), budget);
                text = null;
                JsonNode before = sum;
                sum = ours ? grown(before, element, budget) : Arithmetic.add(before, element, budget);
                ours = sum.isContainer() && (Values.isSame(sum, before) ? ours : !Values.isSame(sum, element));
            }
        }
        return text == null ? sum : Values.of(text.toString(), budget);
    }

    /** Adds to what nobody else has. */
    private static JsonNode grown(JsonNode sum, JsonNode element, Budget budget) {
        if (sum instanceof ArrayNode array && element.isArray()) {
            budget.steps(element.size() >> 3);
            budget.bytes((long) Values.ELEMENT * element.size());
            Values.addAll(array, element, budget);
            return array;
        }
        if (sum instanceof ObjectNode object && element.isObject()) {
            for (var entry : element.properties()) {
                budget.step();
                Values.put(object, entry.getKey(), entry.getValue(), budget);
            }
            return object;
        }
        return Arithmetic.add(sum, element, budget);
    }

    /** {@code join(separator)} */
    static JsonNode joined(JsonNode in, JsonNode separator, Budget budget) {
        check(in);
        StringBuilder text = new StringBuilder();
        boolean first = true;
        for (JsonNode element : in) {
            budget.step();
            if (!first) {
                append(text, added(text, separator), budget);
            }
            first = false;
            if (element.isNumber() || element.isBoolean()) {
                append(text, TypeBuiltins.text(element, budget).stringValue(), budget);
            } else if (!element.isNull()) {
                append(text, added(text, element), budget);
            }
        }
        return Values.of(text.toString(), budget);
    }

    /** A text that is added to another; null adds nothing, and anything else fails as adding it would. */
    private static String added(StringBuilder text, JsonNode value) {
        if (value.isString()) {
            return value.stringValue();
        }
        if (value.isNull()) {
            return "";
        }
        throw new JqException(
                Values.described(Values.of(text.toString())) + " and " + Values.described(value) + " cannot be added");
    }

    private static void append(StringBuilder text, String piece, Budget budget) {
        budget.characters(piece.length());
        text.append(piece);
    }

    private static void check(JsonNode in) {
        JqException refused = Access.notIterable(in);
        if (refused != null) {
            throw refused;
        }
    }
}
