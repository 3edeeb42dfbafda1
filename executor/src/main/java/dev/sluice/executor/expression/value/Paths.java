package dev.sluice.executor.expression.value;

import dev.sluice.executor.expression.limit.Budget;
import tools.jackson.databind.JsonNode;

/** Reading and deleting by paths: arrays of keys, indices and slices. {@link Edits} sets. */
public final class Paths {

    private Paths() {}

    /** {@code getpath(path)}: null as soon as there is nothing. */
    public static JsonNode get(JsonNode value, JsonNode path, Budget budget) {
        JsonNode at = value;
        for (JsonNode key : checked(path)) {
            if (at.isNull()) {
                return at;
            }
            budget.step();
            at = Access.at(at, key, budget);
        }
        return at;
    }

    /** {@code setpath(path; to)}. */
    public static JsonNode set(JsonNode value, JsonNode path, JsonNode to, Budget budget) {
        return new Edits(budget).set(value, checked(path), to);
    }

    /** {@code delpaths(paths)}: all as they are found in the value, whatever their order. */
    public static JsonNode delete(JsonNode value, JsonNode paths, Budget budget) {
        if (!paths.isArray()) {
            throw new JqException("Paths must be specified as an array");
        }
        JsonNode[] sorted = new JsonNode[paths.size()];
        budget.steps(sorted.length >> 3);
        for (int i = 0; i < sorted.length; i++) {
            budget.look(i);
            sorted[i] = paths.get(i);
            if (!sorted[i].isArray()) {
                throw new JqException("Path must be specified as array, not " + Values.type(sorted[i]));
            }
        }
        Order.sort(sorted, budget);
        if (sorted.length > 0 && sorted[0].isEmpty()) {
            return Values.NULL;
        }
        return new Deletion(sorted, budget).from(value, 0, sorted.length, 0);
    }

    private static JsonNode checked(JsonNode path) {
        if (!path.isArray()) {
            throw new JqException("Path must be specified as an array");
        }
        return path;
    }
}
