package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading parts of values: {@code .a}, {@code .[0]}, {@code .[1:2]}, {@code .[]}, {@code has}, {@code contains}. */
public final class Access {

    private static final String START = "start";
    private static final String END = "end";
    private static final int LONGEST_NAMED = 30;

    private Access() {}

    /** {@code value.name}. */
    public static JsonNode field(JsonNode value, String name) {
        if (value instanceof ObjectNode object) {
            JsonNode found = object.get(name);
            return found == null ? Values.NULL : found;
        }
        if (value.isNull()) {
            return value;
        }
        throw notIndexed(value, name);
    }

    /** The error of a name where no name leads on; a long one is not repeated. */
    static JqException notIndexed(JsonNode value, String name) {
        boolean isShort = name.length() < LONGEST_NAMED && name.getBytes(StandardCharsets.UTF_8).length < LONGEST_NAMED;
        return new JqException(
                "Cannot index " + Values.type(value) + " with string" + (isShort ? " \"" + name + '"' : ""));
    }

    /** {@code value[key]}: a field, an element, a slice, or where an array is found in another. */
    public static JsonNode at(JsonNode value, JsonNode key, Budget budget) {
        if (key.isString()) {
            // Finding a name is comparing it, when there is the same.
            budget.steps(key.stringValue().length() >> 6);
            return field(value, key.stringValue());
        }
        if (key.isNumber() && (value.isArray() || value.isNull())) {
            return element(value, Numbers.value(key));
        }
        if (key.isObject() && (value.isArray() || value.isNull() || value.isString())) {
            return slice(value, part(key, START), part(key, END), budget);
        }
        if (key.isArray() && value.isArray()) {
            return indices(value, key, budget);
        }
        throw new JqException("Cannot index " + Values.type(value) + " with " + Values.type(key));
    }

    /** {@code value[index]}, from the end where it is negative. */
    static JsonNode element(JsonNode value, double index) {
        double place = place(value, index);
        return place >= 0 && place < value.size() ? value.get((int) place) : Values.NULL;
    }

    /** The place of an index, whose fraction is cut; negative where it is before the first. */
    static double place(JsonNode value, double index) {
        double whole = index < 0 ? Math.ceil(index) : Math.floor(index);
        return whole < 0 ? whole + value.size() : whole;
    }

    /** {@code value[from:upto]}, either of them null for an end. */
    public static JsonNode slice(JsonNode value, JsonNode from, JsonNode upto, Budget budget) {
        if (value.isNull()) {
            return value;
        }
        if (!value.isArray() && !value.isString()) {
            throw new JqException("Cannot index " + Values.type(value) + " with object");
        }
        checkBounds(from, upto);
        String text = value.isString() ? value.stringValue() : null;
        Range range = range(text == null ? value.size() : Strings.length(text, budget), from, upto);
        if (text != null) {
            return Values.of(Strings.slice(text, range.from(), range.upto(), budget));
        }
        List<JsonNode> elements = new ArrayList<>(range.upto() - range.from());
        budget.steps((range.upto() - range.from()) >> 3);
        for (int i = range.from(); i < range.upto(); i++) {
            budget.look(i);
            elements.add(value.get(i));
        }
        return Values.array(elements, budget);
    }

    /** The key that stands for a slice in paths. */
    public static JsonNode sliceKey(JsonNode from, JsonNode upto, Budget budget) {
        ObjectNode key = Values.object(budget);
        Values.put(key, START, from, budget);
        Values.put(key, END, upto, budget);
        return key;
    }

    /** The places that a slice's key names in an array of a size. */
    static Range range(int size, JsonNode key) {
        JsonNode from = part(key, START);
        JsonNode upto = part(key, END);
        checkBounds(from, upto);
        return range(size, from, upto);
    }

    /** A slice's key has both its ends; what is no number there is refused. */
    private static JsonNode part(JsonNode key, String name) {
        JsonNode part = key.get(name);
        return part == null ? BooleanNode.FALSE : part;
    }

    private static void checkBounds(JsonNode from, JsonNode upto) {
        boolean bounds = (from.isNull() || from.isNumber()) && (upto.isNull() || upto.isNumber());
        if (!bounds) {
            throw new JqException("Array/string slice indices must be integers");
        }
    }

    private static Range range(int size, JsonNode from, JsonNode upto) {
        int start = (int) Math.floor(from.isNull() ? 0 : bound(size, Numbers.value(from)));
        int end = (int) Math.ceil(upto.isNull() ? size : bound(size, Numbers.value(upto)));
        return new Range(start, Math.max(start, end));
    }

    private static double bound(int size, double at) {
        double place = Double.isNaN(at) ? 0 : at < 0 ? at + size : at;
        return Math.clamp(place, 0, size);
    }

    /** The places where elements, or a text, are found. */
    public static JsonNode indices(JsonNode value, JsonNode wanted, Budget budget) {
        if (value.isString() && wanted.isString()) {
            return Strings.indices(value.stringValue(), wanted.stringValue(), budget);
        }
        if (!value.isArray()) {
            return at(value, wanted, budget);
        }
        List<JsonNode> found = new ArrayList<>();
        int length = wanted.isArray() ? wanted.size() : 1;
        for (int at = 0; length > 0 && at + length <= value.size(); at++) {
            if (wanted.isArray() ? startsAt(value, at, wanted, budget) : same(value.get(at), wanted, budget)) {
                budget.bytes(Values.ELEMENT + 16);
                found.add(Numbers.of((long) at));
            }
        }
        return Values.array(found, budget);
    }

    private static boolean startsAt(JsonNode value, int at, JsonNode wanted, Budget budget) {
        for (int i = 0; i < wanted.size(); i++) {
            if (!same(value.get(at + i), wanted.get(i), budget)) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(JsonNode one, JsonNode other, Budget budget) {
        budget.step();
        return Order.equal(one, other, budget);
    }

    /** Whether an array has an element that is the same. */
    static boolean contains(JsonNode array, JsonNode wanted, Budget budget) {
        for (JsonNode element : array) {
            if (same(element, wanted, budget)) {
                return true;
            }
        }
        return false;
    }

    /** {@code has(key)}. */
    public static boolean has(JsonNode value, JsonNode key, Budget budget) {
        if (value.isNull()) {
            return false;
        }
        if (value.isObject() && key.isString()) {
            budget.steps(key.stringValue().length() >> 6);
            return value.has(key.stringValue());
        }
        if (value.isArray() && key.isNumber()) {
            double index = Numbers.value(key);
            return index > -1 && index < value.size();
        }
        throw new JqException("Cannot check whether " + Values.type(value) + " has a " + Values.type(key) + " key");
    }

    /** {@code contains(part)}: parts of strings, of arrays in any order, of objects by key. */
    public static boolean includes(JsonNode value, JsonNode part, Budget budget) {
        budget.step();
        if (value.isObject() && part.isObject()) {
            return includesEntries(value, part, budget);
        }
        if (value.isArray() && part.isArray()) {
            return includesElements(value, part, budget);
        }
        if (value.isString() && part.isString()) {
            return Strings.find(value.stringValue(), part.stringValue(), 0, budget) >= 0;
        }
        if (value.getNodeType() == part.getNodeType()) {
            return Order.equal(value, part, budget);
        }
        throw new JqException(
                Values.described(value) + " and " + Values.described(part) + " cannot have their containment checked");
    }

    private static boolean includesEntries(JsonNode value, JsonNode part, Budget budget) {
        budget.enter(2);
        boolean all = true;
        for (var entry : part.properties()) {
            budget.step();
            JsonNode found = value.get(entry.getKey());
            if (found == null || !includesPart(found, entry.getValue(), budget)) {
                all = false;
                break;
            }
        }
        budget.leave(2);
        return all;
    }

    private static boolean includesElements(JsonNode value, JsonNode part, Budget budget) {
        budget.enter(2);
        boolean all = true;
        for (JsonNode wanted : part) {
            if (!someIncludes(value, wanted, budget)) {
                all = false;
                break;
            }
        }
        budget.leave(2);
        return all;
    }

    private static boolean someIncludes(JsonNode value, JsonNode wanted, Budget budget) {
        for (JsonNode element : value) {
            budget.step();
            if (includesPart(element, wanted, budget)) {
                return true;
            }
        }
        return false;
    }

    /** Below the top, values of different types are not contained in each other, which is no error there. */
    private static boolean includesPart(JsonNode value, JsonNode part, Budget budget) {
        return value.getNodeType() == part.getNodeType() && includes(value, part, budget);
    }

    /** The error of going over what has no elements, or null for what has. */
    public static @Nullable JqException notIterable(JsonNode value) {
        return value.isContainer() ? null : new JqException("Cannot iterate over " + Values.described(value));
    }

    /** Places from one to before another. */
    record Range(int from, int upto) {}
}
