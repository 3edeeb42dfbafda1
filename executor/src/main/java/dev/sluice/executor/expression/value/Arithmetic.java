package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The operators {@code + - * / %} on values of all types (jq manual, "Builtin operators and functions"). */
public final class Arithmetic {

    private Arithmetic() {}

    /** {@code left + right}; {@code null} changes nothing. */
    public static JsonNode add(JsonNode left, JsonNode right, Budget budget) {
        budget.bytes(Values.NUMBER);
        if (Numbers.isInt(left) && Numbers.isInt(right)) {
            return Numbers.of((long) left.intValue() + right.intValue());
        }
        if (left.isNull()) {
            return right;
        }
        if (right.isNull()) {
            return left;
        }
        if (left.isNumber() && right.isNumber()) {
            return Numbers.of(Numbers.value(left) + Numbers.value(right));
        }
        if (left.isString() && right.isString()) {
            return concatenated(left.stringValue(), right.stringValue(), budget);
        }
        if (left.isArray() && right.isArray()) {
            return joined(left, right, budget);
        }
        if (left.isObject() && right.isObject()) {
            return merged(left, right, budget);
        }
        throw refused(left, right, "added");
    }

    /** {@code left - right}. */
    public static JsonNode subtract(JsonNode left, JsonNode right, Budget budget) {
        budget.bytes(Values.NUMBER);
        if (Numbers.isInt(left) && Numbers.isInt(right)) {
            return Numbers.of((long) left.intValue() - right.intValue());
        }
        if (left.isNumber() && right.isNumber()) {
            return Numbers.of(Numbers.value(left) - Numbers.value(right));
        }
        if (left.isArray() && right.isArray()) {
            return without(left, right, budget);
        }
        throw refused(left, right, "subtracted");
    }

    /** {@code left * right}. */
    public static JsonNode multiply(JsonNode left, JsonNode right, Budget budget) {
        budget.bytes(Values.NUMBER);
        if (Numbers.isInt(left) && Numbers.isInt(right)) {
            long product = (long) left.intValue() * right.intValue();
            return Math.abs(product) <= Numbers.EXACT ? Numbers.of(product) : Numbers.of((double) product);
        }
        if (left.isNumber() && right.isNumber()) {
            return Numbers.of(Numbers.value(left) * Numbers.value(right));
        }
        if (left.isString() && right.isNumber()) {
            return repeated(left.stringValue(), Numbers.value(right), budget);
        }
        if (left.isNumber() && right.isString()) {
            return repeated(right.stringValue(), Numbers.value(left), budget);
        }
        if (left.isObject() && right.isObject()) {
            return deeplyMerged(left, right, budget);
        }
        throw refused(left, right, "multiplied");
    }

    /** {@code left / right}. */
    public static JsonNode divide(JsonNode left, JsonNode right, Budget budget) {
        budget.bytes(Values.NUMBER);
        if (left.isNumber() && right.isNumber()) {
            double divisor = Numbers.value(right);
            if (divisor == 0) {
                throw refused(left, right, "divided because the divisor is zero");
            }
            return Numbers.of(Numbers.value(left) / divisor);
        }
        if (left.isString() && right.isString()) {
            return Strings.split(left.stringValue(), right.stringValue(), budget);
        }
        throw refused(left, right, "divided");
    }

    /** {@code left % right}, both made whole; the sign is that of the dividend. */
    public static JsonNode modulo(JsonNode left, JsonNode right) {
        if (!left.isNumber() || !right.isNumber()) {
            throw refused(left, right, "divided (remainder)");
        }
        double dividend = Numbers.value(left);
        double divisor = Numbers.value(right);
        if (Double.isNaN(dividend) || Double.isNaN(divisor)) {
            return Numbers.of(Double.NaN);
        }
        long whole = (long) divisor;
        if (whole == 0) {
            throw refused(left, right, "divided (remainder) because the divisor is zero");
        }
        return Numbers.of((long) dividend % whole);
    }

    /** {@code -value}. */
    public static JsonNode negate(JsonNode value) {
        if (Numbers.isInt(value) && value.intValue() != 0) {
            return Numbers.of(-(long) value.intValue());
        }
        if (!value.isNumber()) {
            throw new JqException(Values.described(value) + " cannot be negated");
        }
        return switch (value.numberType()) {
            case LONG ->
                value.longValue() == Long.MIN_VALUE
                        ? Numbers.of(-Numbers.value(value))
                        : Numbers.of(-value.longValue());
            case BIG_INTEGER, BIG_DECIMAL -> Numbers.negated(value);
            case INT, FLOAT, DOUBLE -> Numbers.of(-Numbers.value(value));
        };
    }

    private static JsonNode concatenated(String left, String right, Budget budget) {
        budget.bytes(Values.STRING);
        budget.characters((long) left.length() + right.length());
        return Values.of(left.concat(right));
    }

    private static JsonNode joined(JsonNode left, JsonNode right, Budget budget) {
        if (left.isEmpty()) {
            return right;
        }
        if (right.isEmpty()) {
            return left;
        }
        budget.steps((left.size() + right.size()) >> 3);
        ArrayNode joined = Values.array(left.size() + right.size(), budget);
        Values.addAll(joined, left, budget);
        Values.addAll(joined, right, budget);
        return joined;
    }

    private static JsonNode merged(JsonNode left, JsonNode right, Budget budget) {
        if (right.isEmpty()) {
            return left;
        }
        ObjectNode merged = Values.copyObject(left, budget);
        for (var entry : right.properties()) {
            budget.step();
            Values.put(merged, entry.getKey(), entry.getValue(), budget);
        }
        return merged;
    }

    private static JsonNode deeplyMerged(JsonNode left, JsonNode right, Budget budget) {
        budget.enter(1);
        ObjectNode merged = Values.copyObject(left, budget);
        for (var entry : right.properties()) {
            budget.step();
            JsonNode before = left.get(entry.getKey());
            JsonNode after = entry.getValue();
            boolean both = before != null && before.isObject() && after.isObject();
            Values.put(merged, entry.getKey(), both ? deeplyMerged(before, after, budget) : after, budget);
        }
        budget.leave(1);
        return merged;
    }

    private static JsonNode without(JsonNode left, JsonNode right, Budget budget) {
        List<JsonNode> kept = new ArrayList<>();
        for (JsonNode element : left) {
            budget.step();
            if (!Access.contains(right, element, budget)) {
                budget.bytes(Values.ELEMENT);
                kept.add(element);
            }
        }
        return Values.array(kept, budget);
    }

    /** As often as the number says, rounded down; null for less than never, or for no number. */
    private static JsonNode repeated(String text, double times, Budget budget) {
        if (Double.isNaN(times) || times < 0) {
            return Values.NULL;
        }
        double length = text.isEmpty() ? 0 : Math.floor(times) * text.length();
        if (length > Integer.MAX_VALUE) {
            throw new JqException("Repeat string result too long");
        }
        budget.bytes(Values.STRING);
        budget.characters((long) length);
        return Values.of(length == 0 ? "" : text.repeat((int) times));
    }

    /** The error of an operation on values that it is not for. */
    public static JqException refused(JsonNode left, JsonNode right, String what) {
        return new JqException(Values.described(left) + " and " + Values.described(right) + " cannot be " + what);
    }
}
