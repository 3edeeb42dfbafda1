package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.Arithmetic;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Order;
import dev.sluice.executor.expression.value.Paths;
import dev.sluice.executor.expression.value.Values;
import dev.sluice.executor.expression.value.Weight;
import dev.sluice.shared.json.WeighedNodes;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Builtins on arrays and objects. */
final class CollectionBuiltins {

    static final Map<String, Native> TABLE = Map.ofEntries(
            Map.entry("keys/0", (in, arguments, budget) -> keys(in, true, budget)),
            Map.entry("keys_unsorted/0", (in, arguments, budget) -> keys(in, false, budget)),
            Map.entry("to_entries/0", (in, arguments, budget) -> toEntries(in, budget)),
            Map.entry("from_entries/0", (in, arguments, budget) -> fromEntries(in, budget)),
            Map.entry("add/0", (in, arguments, budget) -> Sums.of(in, budget)),
            Map.entry("sort/0", (in, arguments, budget) -> sorted(in, false, budget)),
            Map.entry("unique/0", (in, arguments, budget) -> sorted(in, true, budget)),
            Map.entry("min/0", (in, arguments, budget) -> extreme(in, true, budget)),
            Map.entry("max/0", (in, arguments, budget) -> extreme(in, false, budget)),
            Map.entry("reverse/0", (in, arguments, budget) -> reversed(in, budget)),
            Map.entry("flatten/0", (in, arguments, budget) -> flattened(in, Double.POSITIVE_INFINITY, budget)),
            Map.entry("flatten/1", (in, arguments, budget) -> flattened(in, arguments[0], budget)),
            Map.entry("transpose/0", (in, arguments, budget) -> transposed(in, budget)),
            Map.entry("indices/1", (in, arguments, budget) -> Access.indices(in, arguments[0], budget)),
            Map.entry("index/1", (in, arguments, budget) -> end(Access.indices(in, arguments[0], budget), 0, budget)),
            Map.entry("rindex/1", (in, arguments, budget) -> end(Access.indices(in, arguments[0], budget), -1, budget)),
            Map.entry("bsearch/1", (in, arguments, budget) -> searched(in, arguments[0], budget)),
            Map.entry("setpath/2", (in, arguments, budget) -> Paths.set(in, arguments[0], arguments[1], budget)),
            Map.entry("delpaths/1", (in, arguments, budget) -> Paths.delete(in, arguments[0], budget)),
            Map.entry("join/1", (in, arguments, budget) -> Sums.joined(in, arguments[0], budget)));

    private CollectionBuiltins() {}

    private static JsonNode keys(JsonNode in, boolean sorted, Budget budget) {
        if (!in.isContainer()) {
            throw NativeTable.wrong(in, "has no keys");
        }
        budget.steps(in.size());
        budget.bytes((long) (in.isArray() ? Values.NUMBER : Values.KEY) * in.size());
        ArrayNode keys = Values.array(in.size(), budget);
        if (in.isArray()) {
            for (int i = 0; i < in.size(); i++) {
                keys.add(Numbers.of((long) i));
            }
        } else if (sorted) {
            for (String key : Order.keys(in, budget)) {
                budget.look(keys.size());
                keys.add(Values.of(key));
            }
        } else {
            for (String key : in.propertyNames()) {
                budget.look(keys.size());
                keys.add(Values.of(key));
            }
        }
        return keys;
    }

    private static JsonNode toEntries(JsonNode in, Budget budget) {
        if (!in.isContainer()) {
            throw NativeTable.wrong(in, "has no keys");
        }
        int size = in.size();
        ArrayNode entries = Values.array(size, budget);
        budget.steps(size);
        budget.bytes(size * (Values.KEY + Values.OBJECT + 2L * Values.ENTRY));
        if (in.isArray()) {
            for (int i = 0; i < size; i++) {
                budget.look(i);
                entries.add(entry(Numbers.of((long) i), in.get(i)));
            }
            return entries;
        }
        for (var property : in.properties()) {
            budget.look(entries.size());
            entries.add(entry(Values.of(property.getKey()), property.getValue()));
        }
        return entries;
    }

    private static JsonNode entry(JsonNode key, JsonNode value) {
        ObjectNode entry = WeighedNodes.INSTANCE.objectNode(2);
        entry.set("key", key);
        entry.set("value", value);
        Weight weight = Weight.object(2);
        weight.add("key", key);
        weight.add("value", value);
        weight.note(entry);
        return entry;
    }

    private static JsonNode fromEntries(JsonNode in, Budget budget) {
        JqException refused = Access.notIterable(in);
        if (refused != null) {
            throw refused;
        }
        ObjectNode object = Values.object(budget);
        for (JsonNode entry : in) {
            budget.step();
            JsonNode key = first(entry, "key", "Key", "name", "Name");
            if (!key.isString()) {
                throw new JqException("Cannot use " + Values.described(key) + " as object key");
            }
            boolean lower = entry.isObject() && entry.has("value");
            Values.put(object, key.stringValue(), Access.field(entry, lower ? "value" : "Value"), budget);
        }
        return object;
    }

    /** The first field that is neither false nor null, or else the last. */
    private static JsonNode first(JsonNode entry, String... names) {
        JsonNode found = Values.NULL;
        for (String name : names) {
            found = Access.field(entry, name);
            if (Values.isTrue(found)) {
                return found;
            }
        }
        return found;
    }

    private static JsonNode sorted(JsonNode in, boolean unique, Budget budget) {
        if (!in.isArray()) {
            throw NativeTable.wrong(in, "cannot be sorted, as it is not an array");
        }
        budget.bytes((long) Values.ELEMENT * in.size());
        JsonNode[] elements = new JsonNode[in.size()];
        for (int i = 0; i < elements.length; i++) {
            budget.look(i);
            elements[i] = in.get(i);
        }
        Order.sort(elements, budget);
        ArrayNode sorted = Values.array(elements.length, budget);
        for (int i = 0; i < elements.length; i++) {
            budget.step();
            if (!unique || i == 0 || !Order.equal(elements[i - 1], elements[i], budget)) {
                sorted.add(elements[i]);
            }
        }
        return sorted;
    }

    /** The first of the least, or the last of the greatest. */
    private static JsonNode extreme(JsonNode in, boolean least, Budget budget) {
        if (!in.isArray()) {
            throw new JqException(Values.described(in) + " and " + Values.described(in) + " cannot be iterated over");
        }
        JsonNode best = Values.NULL;
        for (int i = 0; i < in.size(); i++) {
            budget.step();
            int order = i == 0 ? 0 : Order.compare(in.get(i), best, budget);
            best = i == 0 || (least ? order < 0 : order >= 0) ? in.get(i) : best;
        }
        return best;
    }

    private static JsonNode reversed(JsonNode in, Budget budget) {
        boolean empty = in.isNull()
                || (in.isString() && in.stringValue().isEmpty())
                || (in.isObject() && in.isEmpty())
                || (in.isNumber() && Numbers.value(in) == 0);
        if (empty) {
            return Values.array(0, budget);
        }
        if (in.isBoolean()) {
            throw NativeTable.wrong(in, "has no length");
        }
        if (!in.isArray()) {
            throw new JqException("Cannot index " + Values.type(in) + " with number");
        }
        budget.steps(in.size() >> 3);
        ArrayNode reversed = Values.array(in.size(), budget);
        for (int i = in.size() - 1; i >= 0; i--) {
            budget.look(i);
            reversed.add(in.get(i));
        }
        return reversed;
    }

    private static JsonNode flattened(JsonNode in, JsonNode depth, Budget budget) {
        if (depth.isNumber() ? Numbers.value(depth) < 0 : depth.isNull() || depth.isBoolean()) {
            throw new JqException("flatten depth must not be negative");
        }
        if (depth.isNumber()) {
            return flattened(in, Numbers.value(depth), budget);
        }
        JsonNode flat = flattened(in, 0, budget);
        for (JsonNode element : flat) {
            if (element.isArray()) {
                throw Arithmetic.refused(depth, Numbers.of(1L), "subtracted");
            }
        }
        return flat;
    }

    private static JsonNode flattened(JsonNode in, double depth, Budget budget) {
        JqException refused = Access.notIterable(in);
        if (refused != null) {
            throw refused;
        }
        ArrayNode flat = Values.array(0, budget);
        flatten(in, depth, flat, budget);
        return flat;
    }

    private static void flatten(JsonNode in, double depth, ArrayNode flat, Budget budget) {
        budget.enter(1);
        for (JsonNode element : in) {
            budget.step();
            if (element.isArray() && depth != 0) {
                flatten(element, depth - 1, flat, budget);
            } else {
                budget.bytes(Values.ELEMENT);
                flat.add(element);
            }
        }
        budget.leave(1);
    }

    private static JsonNode transposed(JsonNode in, Budget budget) {
        JqException refused = Access.notIterable(in);
        if (refused != null) {
            throw refused;
        }
        double wide = 0;
        for (JsonNode row : in) {
            budget.step();
            wide = Math.max(wide, Numbers.value(TypeBuiltins.length(row, budget)));
        }
        for (JsonNode row : in) {
            if (wide > 0 && !row.isArray() && !row.isNull()) {
                throw new JqException("Cannot index " + Values.type(row) + " with number");
            }
        }
        int width = (int) wide;
        ArrayNode columns = Values.array(width, budget);
        for (int i = 0; i < width; i++) {
            ArrayNode column = Values.array(in.size(), budget);
            for (JsonNode row : in) {
                budget.step();
                column.add(i < row.size() ? row.get(i) : Values.NULL);
            }
            columns.add(column);
        }
        return columns;
    }

    private static JsonNode end(JsonNode found, int index, Budget budget) {
        return Access.at(found, Numbers.of((long) index), budget);
    }

    /** The index in a sorted array, or where it would have to be, counted from -1 down. */
    private static JsonNode searched(JsonNode in, JsonNode wanted, Budget budget) {
        if (!in.isArray()) {
            throw NativeTable.wrong(in, "cannot be searched from");
        }
        int low = 0;
        int high = in.size() - 1;
        while (low <= high) {
            budget.step();
            int middle = (low + high) >>> 1;
            int order = Order.compare(in.get(middle), wanted, budget);
            if (order == 0) {
                return Numbers.of((long) middle);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return Numbers.of(-1L - low);
    }
}
