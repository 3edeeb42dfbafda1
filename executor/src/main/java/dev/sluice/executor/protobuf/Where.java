package dev.sluice.executor.protobuf;

import dev.sluice.executor.expression.ExpressionException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A place within arguments.
 *
 * @param key   name or index in the parent
 * @param depth levels above it
 */
record Where(@Nullable Where parent, Object key, int depth) {

    /** Deeper than any that Protocol Buffers itself reads. */
    private static final int DEEPEST = 100;

    /** The arguments themselves. */
    static Where root() {
        return new Where(null, "arguments", 0);
    }

    Where child(Object name) {
        if (depth == DEEPEST) {
            throw wrong("is nested deeper than " + DEEPEST + " levels");
        }
        return new Where(this, name, depth + 1);
    }

    ExpressionException wrong(String what) {
        return new ExpressionException(this + " " + what);
    }

    /** Such as {@code arguments.orders[3].id}. */
    @Override
    public String toString() {
        Deque<String> parts = new ArrayDeque<>();
        for (Where at = this; at != null; at = at.parent) {
            boolean index = at.key instanceof Integer;
            parts.push(index ? "[" + at.key + "]" : at.parent == null ? at.key.toString() : "." + at.key);
        }
        return String.join("", parts);
    }
}
