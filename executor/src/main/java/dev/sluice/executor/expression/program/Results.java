package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Bound;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Values;
import dev.sluice.executor.expression.value.Weight;
import dev.sluice.shared.json.Weighed;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * Checks values that leave an evaluation: within it a value may share its parts, and be larger than it looks by any factor to
 * whoever writes it out. Numbers take the form they would have if they were read from text, so that a value is equal to itself
 * after it was written and read. What was checked once is not gone over again: most of what leaves an evaluation has come into it.
 */
final class Results {

    private final Budget budget;
    private long bytes;
    /** The levels that were left to the lowest container so far. */
    private int lowest;

    private Results(Budget budget) {
        this.budget = budget;
        this.bytes = budget.limits().result();
        this.lowest = budget.limits().nesting();
    }

    /** The value in its final form: itself, but for numbers that were computed. */
    static JsonNode checked(JsonNode value, Budget budget) {
        if (value instanceof StringNode
                && Weight.leafSize(value) <= budget.limits().result()) {
            budget.visit();
            return value;
        }
        return value.isContainer() || value instanceof DoubleNode || value.isString()
                ? new Results(budget).checked(value, budget.limits().nesting())
                : value;
    }

    private JsonNode checked(JsonNode value, int levels) {
        // Every part of every result comes through here: tests of classes cost less than a switch over them.
        if (value instanceof StringNode) {
            take(Weight.leafSize(value));
            return value;
        }
        if (value instanceof Weighed container) {
            return weighed(value, container.weight(), levels);
        }
        if (value.isContainer()) {
            return container(value, levels);
        }
        if (value instanceof DoubleNode number) {
            take(Values.ELEMENT);
            return Numbers.canonical(number);
        }
        take(Values.ELEMENT);
        return value;
    }

    private JsonNode weighed(JsonNode value, long weight, int levels) {
        if (weight == 0) {
            return container(value, levels);
        }
        budget.visit();
        int depth = Weight.depth(weight);
        if (depth > levels) {
            throw tooDeep();
        }
        budget.enter(depth);
        budget.leave(depth);
        lowest = Math.min(lowest, levels - depth);
        count(Weight.size(weight));
        return value;
    }

    private JsonNode container(JsonNode value, int levels) {
        if (levels == 0) {
            throw tooDeep();
        }
        int lowestBefore = lowest;
        long bytesBefore = bytes;
        lowest = levels - 1;
        budget.enter(1);
        JsonNode checked =
                value instanceof ObjectNode object ? object(object, levels - 1) : array((ArrayNode) value, levels - 1);
        budget.leave(1);
        Weight.note(checked, bytesBefore - bytes, levels - lowest);
        lowest = Math.min(lowest, lowestBefore);
        return checked;
    }

    private JsonNode array(ArrayNode array, int below) {
        take(Weight.arraySize(array.size()));
        ArrayNode changed = null;
        for (int i = 0; i < array.size(); i++) {
            JsonNode before = array.get(i);
            JsonNode after = checked(before, below);
            if (!Values.isSame(after, before)) {
                changed = changed == null ? Values.copy(array, budget) : changed;
                changed.set(i, after);
            }
        }
        return changed == null ? array : changed;
    }

    private JsonNode object(ObjectNode object, int below) {
        take(Weight.objectSize(object.size()));
        ObjectNode changed = null;
        for (var entry : object.properties()) {
            count(Weight.keySize(entry.getKey()));
            JsonNode before = entry.getValue();
            JsonNode after = checked(before, below);
            if (!Values.isSame(after, before)) {
                changed = changed == null ? Values.copyObject(object, budget) : changed;
                changed.set(entry.getKey(), after);
            }
        }
        return changed == null ? object : changed;
    }

    private LimitException tooDeep() {
        return new LimitException(
                Bound.DEPTH,
                "The result is nested deeper than " + budget.limits().nesting() + " levels");
    }

    private void take(long size) {
        budget.visit();
        count(size);
    }

    private void count(long size) {
        bytes -= size;
        if (bytes < 0) {
            throw new LimitException(
                    Bound.BYTES, "The result is larger than " + budget.limits().result() + " bytes");
        }
    }
}
