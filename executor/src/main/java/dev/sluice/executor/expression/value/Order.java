package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import java.util.Comparator;
import java.util.Iterator;
import tools.jackson.databind.JsonNode;

/**
 * jq's order of all values: null, false, true, numbers, strings by code point, arrays, objects first by their keys.
 * Metered, since values may be large and deep.
 */
public final class Order {

    private Order() {}

    /** Orders two values. No number is the same as another here, so that sorting has a total order. */
    public static int compare(JsonNode left, JsonNode right, Budget budget) {
        if (Values.isSame(left, right)) {
            return 0;
        }
        int kind = kind(left);
        int other = kind(right);
        if (kind != other) {
            return Integer.compare(kind, other);
        }
        return switch (left.getNodeType()) {
            case NUMBER -> Numbers.compare(left, right);
            case STRING -> compare(left.stringValue(), right.stringValue(), budget);
            case ARRAY -> compareArrays(left, right, budget);
            case OBJECT -> compareObjects(left, right, budget);
            case NULL, BOOLEAN, MISSING, BINARY, POJO -> 0;
        };
    }

    /** Whether two values are the same to jq: numbers by value, and no number to nothing. */
    public static boolean equal(JsonNode left, JsonNode right, Budget budget) {
        if (left.isNumber() && right.isNumber()) {
            return !Numbers.isNan(left) && !Numbers.isNan(right) && Numbers.compare(left, right) == 0;
        }
        if (!left.isContainer() && Values.isSame(left, right)) {
            return true;
        }
        if (kind(left) != kind(right) || left.size() != right.size()) {
            return false;
        }
        return switch (left.getNodeType()) {
            case STRING -> equal(left.stringValue(), right.stringValue(), budget);
            case ARRAY -> equalArrays(left, right, budget);
            case OBJECT -> equalObjects(left, right, budget);
            case NUMBER, NULL, BOOLEAN, MISSING, BINARY, POJO -> true;
        };
    }

    private static boolean equal(String left, String right, Budget budget) {
        if (left.length() != right.length()) {
            return false;
        }
        budget.steps(left.length() >> 6);
        return left.equals(right);
    }

    /** Whether one value is less than another, as {@code <} has it: no number is less than every number and itself. */
    public static boolean isLess(JsonNode left, JsonNode right, Budget budget) {
        if (left.isNumber() && right.isNumber() && Numbers.isNan(left)) {
            return true;
        }
        return compare(left, right, budget) < 0;
    }

    /** Sorts in a stable way. */
    public static void sort(JsonNode[] values, Budget budget) {
        sort(values, (left, right) -> compare(left, right, budget), budget);
    }

    /**
     * Sorts by another order in a stable way; each comparison is a step. Java's own sort refuses orders that are none, and
     * jq's is none: a computed number is the same as two literals near it that are not the same.
     */
    public static <T> void sort(T[] values, Comparator<? super T> order, Budget budget) {
        budget.bytes((long) Values.ELEMENT * values.length);
        T[] from = values.clone();
        sort(from, values, 0, values.length, order, budget);
    }

    /** Both arrays begin with the same; the second one ends sorted. */
    private static <T> void sort(T[] from, T[] to, int first, int end, Comparator<? super T> order, Budget budget) {
        if (end - first < 2) {
            return;
        }
        int middle = (first + end) >>> 1;
        sort(to, from, first, middle, order, budget);
        sort(to, from, middle, end, order, budget);
        budget.step();
        if (order.compare(from[middle - 1], from[middle]) <= 0) {
            budget.steps((end - first) >> 6);
            System.arraycopy(from, first, to, first, end - first);
            return;
        }
        int left = first;
        int right = middle;
        for (int i = first; i < end; i++) {
            budget.step();
            boolean takesLeft = right == end || (left < middle && order.compare(from[left], from[right]) <= 0);
            to[i] = takesLeft ? from[left++] : from[right++];
        }
    }

    /** An object's keys, sorted. */
    public static String[] keys(JsonNode object, Budget budget) {
        budget.bytes((long) Values.ELEMENT * object.size());
        String[] keys = object.propertyNames().toArray(String[]::new);
        sort(keys, (left, right) -> compare(left, right, budget), budget);
        return keys;
    }

    /** Orders two strings by code points. */
    public static int compare(String left, String right, Budget budget) {
        int common = Math.min(left.length(), right.length());
        budget.steps((common >> 4) + 1);
        for (int i = 0; i < common; i++) {
            budget.look(i + 1);
            char one = left.charAt(i);
            char other = right.charAt(i);
            if (one != other) {
                return Character.isSurrogate(one) == Character.isSurrogate(other)
                        ? Character.compare(one, other)
                        : Boolean.compare(Character.isSurrogate(one), Character.isSurrogate(other));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static int kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case NULL, MISSING, BINARY, POJO -> 0;
            case BOOLEAN -> value.booleanValue() ? 2 : 1;
            case NUMBER -> 3;
            case STRING -> 4;
            case ARRAY -> 5;
            case OBJECT -> 6;
        };
    }

    private static int compareArrays(JsonNode left, JsonNode right, Budget budget) {
        budget.enter(1);
        int common = Math.min(left.size(), right.size());
        int result = 0;
        for (int i = 0; i < common && result == 0; i++) {
            budget.step();
            result = compare(left.get(i), right.get(i), budget);
        }
        budget.leave(1);
        return result == 0 ? Integer.compare(left.size(), right.size()) : result;
    }

    private static int compareObjects(JsonNode left, JsonNode right, Budget budget) {
        budget.enter(1);
        String[] keys = keys(left, budget);
        String[] others = keys(right, budget);
        int result = 0;
        for (int i = 0; i < Math.min(keys.length, others.length) && result == 0; i++) {
            result = compare(keys[i], others[i], budget);
        }
        result = result == 0 ? Integer.compare(keys.length, others.length) : result;
        for (int i = 0; i < keys.length && result == 0; i++) {
            result = compare(left.get(keys[i]), right.get(keys[i]), budget);
        }
        budget.leave(1);
        return result;
    }

    private static boolean equalArrays(JsonNode left, JsonNode right, Budget budget) {
        budget.enter(1);
        boolean equal = true;
        Iterator<JsonNode> others = right.iterator();
        for (JsonNode element : left) {
            budget.step();
            if (!equal(element, others.next(), budget)) {
                equal = false;
                break;
            }
        }
        budget.leave(1);
        return equal;
    }

    private static boolean equalObjects(JsonNode left, JsonNode right, Budget budget) {
        budget.enter(1);
        boolean equal = true;
        for (var entry : left.properties()) {
            budget.step();
            JsonNode other = right.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other, budget)) {
                equal = false;
                break;
            }
        }
        budget.leave(1);
        return equal;
    }
}
