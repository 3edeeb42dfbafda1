package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Bound;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Values;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks values that leave an evaluation: within it a value may share its parts, and be larger than it looks by any factor to
 * whoever writes it out. Numbers take the form they would have if they were read from text, so that a value is equal to itself
 * after it was written and read.
 */
final class Results {

    private final Budget budget;
    private long bytes;

    private Results(Budget budget) {
        this.budget = budget;
        this.bytes = budget.limits().result();
    }

    /** The value in its final form: itself, but for numbers that were computed. */
    static JsonNode checked(JsonNode value, Budget budget) {
        return value.isContainer() || value instanceof DoubleNode || value.isString()
                ? new Results(budget).checked(value, budget.limits().nesting())
                : value;
    }

    private JsonNode checked(JsonNode value, int levels) {
        return switch (value) {
            case ArrayNode array -> array(array, levels);
            case ObjectNode object -> object(object, levels);
            case DoubleNode number -> Numbers.canonical(number);
            default -> {
                take(value.isString() ? Values.STRING + 2L * value.stringValue().length() : Values.ELEMENT);
                yield value;
            }
        };
    }

    private JsonNode array(ArrayNode array, int levels) {
        take(Values.ARRAY + (long) Values.ELEMENT * array.size());
        int below = below(levels);
        budget.enter(1);
        ArrayNode changed = null;
        for (int i = 0; i < array.size(); i++) {
            JsonNode before = array.get(i);
            JsonNode after = checked(before, below);
            if (!Values.isSame(after, before)) {
                changed = changed == null ? Values.copy(array, budget) : changed;
                changed.set(i, after);
            }
        }
        budget.leave(1);
        return changed == null ? array : changed;
    }

    private JsonNode object(ObjectNode object, int levels) {
        take(Values.OBJECT + (long) Values.ENTRY * object.size());
        int below = below(levels);
        budget.enter(1);
        ObjectNode changed = null;
        for (var entry : object.properties()) {
            take(2L * entry.getKey().length());
            JsonNode before = entry.getValue();
            JsonNode after = checked(before, below);
            if (!Values.isSame(after, before)) {
                changed = changed == null ? Values.copyObject(object, budget) : changed;
                changed.set(entry.getKey(), after);
            }
        }
        budget.leave(1);
        return changed == null ? object : changed;
    }

    private int below(int levels) {
        if (levels == 0) {
            throw new LimitException(
                    Bound.DEPTH,
                    "The result is nested deeper than " + budget.limits().nesting() + " levels");
        }
        return levels - 1;
    }

    private void take(long size) {
        budget.step();
        bytes -= size;
        if (bytes < 0) {
            throw new LimitException(
                    Bound.BYTES, "The result is larger than " + budget.limits().result() + " bytes");
        }
    }
}
