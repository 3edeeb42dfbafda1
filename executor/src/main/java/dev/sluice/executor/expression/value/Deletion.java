package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import java.util.BitSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Deletes sorted paths: at each level, first below those keys that go on, then all that end there at once. */
final class Deletion {

    private final JsonNode[] paths;
    private final Budget budget;

    Deletion(JsonNode[] sorted, Budget budget) {
        this.paths = sorted;
        this.budget = budget;
    }

    /** A value without what the paths from one to before another name, which begin alike for a depth. */
    JsonNode from(JsonNode value, int first, int end, int depth) {
        if (value.isNull()) {
            return value;
        }
        budget.enter(2);
        JsonNode rest = value;
        Edits edits = new Edits(budget);
        int ending = 0;
        for (int at = first; at < end; ) {
            budget.step();
            JsonNode key = paths[at].get(depth);
            int next = at + 1;
            while (next < end && Order.equal(paths[next].get(depth), key, budget)) {
                budget.step();
                next++;
            }
            if (paths[at].size() == depth + 1) {
                // The shortest comes first, and goes with all below it.
                paths[first + ending++] = paths[at];
            } else {
                rest = below(rest, key, at, next, depth, edits);
            }
            at = next;
        }
        budget.leave(2);
        return ending == 0 ? rest : without(rest, first, first + ending, depth);
    }

    private JsonNode below(JsonNode value, JsonNode key, int first, int end, int depth, Edits edits) {
        JsonNode child = Access.at(value, key, budget);
        JsonNode rest = from(child, first, end, depth + 1);
        if (Values.isSame(rest, child)) {
            return value;
        }
        ArrayNode path = Values.array(1, budget);
        path.add(key);
        return edits.set(value, path, rest);
    }

    private JsonNode without(JsonNode value, int first, int end, int depth) {
        if (value.isObject()) {
            return withoutEntries(value, first, end, depth);
        }
        if (value.isArray()) {
            return withoutElements(value, first, end, depth);
        }
        throw new JqException("Cannot delete fields from " + Values.type(value));
    }

    private JsonNode withoutEntries(JsonNode value, int first, int end, int depth) {
        ObjectNode rest = Values.copyObject(value, budget);
        for (int i = first; i < end; i++) {
            budget.look(i);
            JsonNode key = paths[i].get(depth);
            if (!key.isString()) {
                throw new JqException("Cannot delete " + Values.type(key) + " field of object");
            }
            rest.remove(key.stringValue());
        }
        return rest;
    }

    private JsonNode withoutElements(JsonNode value, int first, int end, int depth) {
        BitSet gone = new BitSet(value.size());
        for (int i = first; i < end; i++) {
            JsonNode key = paths[i].get(depth);
            if (key.isNumber()) {
                double index = Numbers.value(key);
                // Unlike elsewhere, what is cut to zero from below counts from the end, where nothing is.
                double place = index > -1 && index < 0 ? value.size() : Access.place(value, index);
                if (place >= 0 && place < value.size()) {
                    gone.set((int) place);
                }
            } else if (key.isObject()) {
                Access.Range range = Access.range(value.size(), key);
                gone.set(range.from(), range.upto());
            } else {
                throw new JqException("Cannot delete " + Values.type(key) + " element of array");
            }
        }
        budget.steps(value.size() >> 3);
        ArrayNode rest = Values.array(value.size() - gone.cardinality(), budget);
        for (int i = gone.nextClearBit(0); i < value.size(); i = gone.nextClearBit(i + 1)) {
            budget.look(rest.size());
            rest.add(value.get(i));
        }
        return rest;
    }
}
