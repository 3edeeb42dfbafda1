package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import java.util.IdentityHashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A series of changes to one value. The value that is given is never changed: each container on the way is copied once,
 * and changed in place from then on, so that a series costs what it changes and not the value each time. Only what the last
 * change gave may be used afterwards. Not thread-safe.
 */
public final class Edits {

    /** As in jq; what it would take is refused by the budget long before. */
    private static final double LARGEST_INDEX = 536_870_911;

    private final Budget budget;
    private IdentityHashMap<JsonNode, Boolean> ours = new IdentityHashMap<>();

    /** Nothing changed yet. */
    public Edits(Budget budget) {
        this.budget = budget;
    }

    /** Sets what is at a path, which is an array; what is missing on the way is made. */
    public JsonNode set(JsonNode root, JsonNode path, JsonNode to) {
        return set(root, path, 0, to);
    }

    /** {@code root + more}. */
    public JsonNode add(JsonNode root, JsonNode more) {
        if (root instanceof ObjectNode object && more.isObject() && ours.containsKey(root)) {
            for (var entry : more.properties()) {
                budget.step();
                Values.put(object, entry.getKey(), entry.getValue(), budget);
            }
            return root;
        }
        if (root instanceof ArrayNode array && more.isArray() && ours.containsKey(root)) {
            budget.steps(more.size() >> 3);
            budget.bytes((long) Values.ELEMENT * more.size());
            Values.addAll(array, more, budget);
            return root;
        }
        JsonNode sum = Arithmetic.add(root, more, budget);
        return sum.isContainer() && !Values.isSame(sum, root) && !Values.isSame(sum, more) ? owned(sum) : sum;
    }

    /** A part of the value has been seen by somebody who may keep it: what was copied of it is copied again. */
    public void share(JsonNode part) {
        if (ours.containsKey(part)) {
            // A new one, as clearing takes as long as the map ever was.
            ours = new IdentityHashMap<>();
        }
    }

    private JsonNode set(JsonNode at, JsonNode path, int depth, JsonNode to) {
        if (depth == path.size()) {
            return to;
        }
        budget.enter(1);
        budget.step();
        JsonNode key = path.get(depth);
        JsonNode child = Access.at(at, key, budget);
        JsonNode changed = set(child, path, depth + 1, to);
        budget.leave(1);
        return Values.isSame(changed, child) && at.isContainer() && isThere(at, key) ? at : put(at, key, changed);
    }

    /** Whether a key has a value; where it has none, even setting null changes something. */
    private boolean isThere(JsonNode at, JsonNode key) {
        return key.isString() ? at.has(key.stringValue()) : key.isNumber() && Access.has(at, key, budget);
    }

    private JsonNode put(JsonNode at, JsonNode key, JsonNode value) {
        if (key.isString() && (at.isObject() || at.isNull())) {
            ObjectNode object = object(at);
            Values.put(object, key.stringValue(), value, budget);
            return object;
        }
        if (key.isNumber() && (at.isArray() || at.isNull())) {
            return putElement(at, Numbers.value(key), value);
        }
        if (key.isObject() && (at.isArray() || at.isNull())) {
            return putSlice(at, key, value);
        }
        if (key.isObject() && at.isString()) {
            throw new JqException("Cannot update string slices");
        }
        if (key.isArray() && at.isArray()) {
            throw new JqException("Cannot update field at array index of array");
        }
        throw key.isString()
                ? Access.notIndexed(at, key.stringValue())
                : new JqException("Cannot index " + Values.type(at) + " with " + Values.type(key));
    }

    private JsonNode putElement(JsonNode at, double index, JsonNode value) {
        if (Double.isNaN(index)) {
            throw new JqException("Cannot set array element at NaN index");
        }
        double place = Access.place(at, index);
        if (place < 0) {
            throw new JqException("Out of bounds negative array index");
        }
        if (place > LARGEST_INDEX) {
            throw new JqException("Array index too large");
        }
        ArrayNode array = array(at);
        long missing = (long) place - array.size() + 1;
        if (missing > 0) {
            budget.steps(missing >> 3);
            budget.bytes(missing * Values.ELEMENT);
            for (int i = 0; i < missing; i++) {
                budget.look(i);
                array.add(Values.NULL);
            }
        }
        array.set((int) place, value);
        return array;
    }

    private JsonNode putSlice(JsonNode at, JsonNode key, JsonNode value) {
        Access.Range range = Access.range(at.size(), key);
        if (!value.isArray()) {
            throw new JqException("A slice of an array can only be assigned another array");
        }
        int size = at.size() - (range.upto() - range.from()) + value.size();
        budget.steps(size >> 3);
        ArrayNode array = Values.array(size, budget);
        for (int i = 0; i < range.from(); i++) {
            budget.look(i);
            array.add(at.get(i));
        }
        value.forEach(array::add);
        for (int i = range.upto(); i < at.size(); i++) {
            array.add(at.get(i));
        }
        ours.put(array, true);
        return array;
    }

    private ObjectNode object(JsonNode at) {
        if (ours.containsKey(at)) {
            return (ObjectNode) at;
        }
        return owned(at.isNull() ? Values.object(budget) : Values.copyObject(at, budget));
    }

    private ArrayNode array(JsonNode at) {
        if (ours.containsKey(at)) {
            return (ArrayNode) at;
        }
        return owned(at.isNull() ? Values.array(0, budget) : Values.copy(at, budget));
    }

    private <T extends JsonNode> T owned(T container) {
        budget.bytes(4L * Values.ELEMENT);
        ours.put(container, true);
        return container;
    }
}
