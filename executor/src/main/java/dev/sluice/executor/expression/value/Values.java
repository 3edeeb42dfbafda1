package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.text.Dump;
import dev.sluice.shared.json.WeighedNodes;
import java.util.Collection;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes values, and says what they are. Estimated sizes are those of a 64-bit JVM with compressed pointers, rounded up.
 */
public final class Values {

    /** The value {@code null}. */
    public static final JsonNode NULL = NullNode.getInstance();

    /** Bytes of an array beside its elements. */
    public static final int ARRAY = 64;

    /** Bytes of a place in an array. */
    public static final int ELEMENT = 8;

    /** Bytes of an object beside its entries. */
    public static final int OBJECT = 120;

    /** Bytes of an entry of an object. */
    public static final int ENTRY = 48;

    /** Bytes of a string beside its characters. */
    public static final int STRING = 56;

    /** Bytes of a number. */
    public static final int NUMBER = 16;

    /** Bytes of a string whose characters are those of an object's key. */
    public static final int KEY = 24;

    private Values() {}

    /** A truth value. */
    public static JsonNode of(boolean value) {
        return BooleanNode.valueOf(value);
    }

    /** A string; its characters have been counted before. */
    public static JsonNode of(String value) {
        return JsonNodeFactory.instance.stringNode(value);
    }

    /** A string whose characters are counted here. */
    public static JsonNode of(String value, Budget budget) {
        budget.bytes(STRING + 2L * value.length());
        return JsonNodeFactory.instance.stringNode(value);
    }

    /** A new array for a number of elements, that many being paid for. */
    public static ArrayNode array(int size, Budget budget) {
        budget.bytes(ARRAY + (long) ELEMENT * size);
        return WeighedNodes.INSTANCE.arrayNode(size);
    }

    /** An array of these elements. */
    public static ArrayNode array(Collection<? extends JsonNode> elements, Budget budget) {
        ArrayNode array = array(elements.size(), budget);
        array.addAll(elements);
        return array;
    }

    /** A new object; its entries are paid for as they come. */
    public static ObjectNode object(Budget budget) {
        budget.bytes(OBJECT);
        return WeighedNodes.INSTANCE.objectNode();
    }

    /** A new object for a number of entries, which are paid for as they come. */
    public static ObjectNode object(int size, Budget budget) {
        budget.bytes(OBJECT);
        return sized(size);
    }

    /** With a table of that size from the beginning: it never grows, and small ones are a third smaller. */
    private static ObjectNode sized(int size) {
        return WeighedNodes.INSTANCE.objectNode(size);
    }

    /** Adds an entry to an object that nobody else has. */
    public static void put(ObjectNode object, String key, JsonNode value, Budget budget) {
        budget.bytes(ENTRY);
        budget.steps(key.length() >> 6);
        object.set(key, value);
    }

    /** A copy of an array, with the same elements, which nobody else has. */
    public static ArrayNode copy(JsonNode array, Budget budget) {
        budget.steps(array.size() >> 3);
        ArrayNode copy = array(array.size(), budget);
        for (JsonNode element : array) {
            budget.look(copy.size());
            copy.add(element);
        }
        return copy;
    }

    /** A copy of an object, with the same entries, which nobody else has. */
    public static ObjectNode copyObject(JsonNode object, Budget budget) {
        budget.steps(object.size() >> 1);
        budget.bytes(OBJECT + (long) ENTRY * object.size());
        ObjectNode copy = sized(object.size());
        for (var entry : object.properties()) {
            budget.look(copy.size());
            copy.set(entry.getKey(), entry.getValue());
        }
        return copy;
    }

    /** Adds elements to an array that nobody else has; they have been paid for. */
    public static void addAll(ArrayNode array, JsonNode elements, Budget budget) {
        for (JsonNode element : elements) {
            budget.look(array.size());
            array.add(element);
        }
    }

    /** Whether two values are one and the same in memory, which {@code equals} does not ask. */
    @SuppressWarnings("ReferenceEquality") // what this is for
    public static boolean isSame(Object one, Object other) {
        return one == other;
    }

    /** Whether jq takes a value for true: all but {@code false} and {@code null}. */
    public static boolean isTrue(JsonNode value) {
        return !value.isNull() && !(value.isBoolean() && !value.booleanValue());
    }

    /** The name of a value's type. */
    public static String type(JsonNode value) {
        return Dump.kind(value);
    }

    /** Type and text of a value, as messages name it. */
    public static String described(JsonNode value) {
        return Dump.described(value);
    }
}
