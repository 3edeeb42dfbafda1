package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.Access;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Values;
import tools.jackson.databind.JsonNode;

/** {@code target[]} and {@code target[]?}: all elements of an array, all values of an object. */
final class Iterate extends Node {

    private final Node target;
    private final int at;
    private final boolean optional;

    Iterate(Node target, int at) {
        this(target, at, false);
    }

    Iterate(Node target, int at, boolean optional) {
        super(2 + target.height(), 4 + target.pathsHeight());
        this.target = target;
        this.at = at;
        this.optional = optional;
    }

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        if (target instanceof Scalar scalar) {
            JsonNode value = scalar.one(frame, in);
            return value == null ? GO : each(frame, value, out);
        }
        return target.run(frame, in, value -> each(frame, value, out));
    }

    private int each(Frame frame, JsonNode value, Sink out) {
        if (isRefused(value)) {
            return GO;
        }
        Budget budget = budget(frame);
        for (JsonNode element : value) {
            budget.step();
            if (out.accept(element) == STOP) {
                return STOP;
            }
        }
        return GO;
    }

    private boolean isRefused(JsonNode value) {
        JqException refused = Access.notIterable(value);
        if (refused != null && !optional) {
            throw refused.at(at);
        }
        return refused != null;
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        return target.paths(frame, path, in, (found, value) -> {
            if (!found.isSome()) {
                throw PathErrors.iterated(value).at(at);
            }
            return isRefused(value) ? GO : new Walk(frame, found, value).each(out);
        });
    }

    /** Goes over what is in a value, with paths where it has one itself. */
    record Walk(Frame frame, Path path, JsonNode value) {

        int each(PathSink out) {
            Budget budget = budget(frame);
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    budget.step();
                    Path found = path.isSome() ? path.then(Numbers.of((long) i), budget) : path;
                    if (out.accept(found, value.get(i)) == STOP) {
                        return STOP;
                    }
                }
                return GO;
            }
            for (var entry : value.properties()) {
                budget.step();
                Path found = path.isSome() ? path.then(Values.of(entry.getKey()), budget) : path;
                if (out.accept(found, entry.getValue()) == STOP) {
                    return STOP;
                }
            }
            return GO;
        }
    }
}
