package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.Values;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Where a value is in another: the last key, and the path before it. Immutable; paths share their beginnings. */
final class Path {

    /** The value itself. */
    static final Path ROOT = new Path(null, Values.NULL, 0);

    /** No path: the value was made, not found. */
    static final Path NONE = new Path(null, Values.NULL, -1);

    private final @Nullable Path parent;
    private final JsonNode key;
    private final int length;

    private Path(@Nullable Path parent, JsonNode key, int length) {
        this.parent = parent;
        this.key = key;
        this.length = length;
    }

    Path then(JsonNode next, Budget budget) {
        budget.bytes(40);
        return new Path(this, next, length + 1);
    }

    boolean isSome() {
        return length >= 0;
    }

    /** The path that leads to a result: the one to the input, where the result is the input itself. */
    Path to(JsonNode result, JsonNode input) {
        if (result.isNumber()) {
            return NONE;
        }
        boolean same = Values.isSame(result, input)
                || (result.isNull() && input.isNull())
                || (result.isBoolean() && result.equals(input));
        return same ? this : NONE;
    }

    /** As an array of its keys. */
    JsonNode array(Budget budget) {
        budget.steps(Math.max(0, length) >> 3);
        ArrayNode keys = Values.array(Math.max(0, length), budget);
        for (int i = 0; i < length; i++) {
            budget.look(i);
            keys.add(Values.NULL);
        }
        Path at = this;
        for (int i = length - 1; i >= 0 && at != null; i--) {
            budget.look(i);
            keys.set(i, at.key);
            at = at.parent;
        }
        return keys;
    }
}
