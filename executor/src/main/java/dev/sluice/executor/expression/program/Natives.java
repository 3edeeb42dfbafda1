package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.builtin.Native;
import dev.sluice.executor.expression.value.JqException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Calls of builtins that make one value of their input and arguments: for each combination, the first argument changing most. */
final class Natives extends Node {

    /** Bytes of a small value. */
    private static final int MADE = 24;

    private final Native builtin;
    private final Node[] arguments;
    private final int at;

    private Natives(Native builtin, Node[] arguments, int at) {
        super(3 + 2 * arguments.length + stacked(arguments));
        this.builtin = builtin;
        this.arguments = arguments;
        this.at = at;
    }

    static Node of(Native builtin, List<Node> arguments, int at) {
        return arguments.stream().allMatch(Scalar.class::isInstance)
                ? new One(builtin, arguments.toArray(Scalar[]::new), at)
                : new Natives(builtin, arguments.toArray(Node[]::new), at);
    }

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        return argument(frame, in, arguments.length - 1, new JsonNode[arguments.length], out);
    }

    private int argument(Frame frame, JsonNode in, int index, JsonNode[] values, Sink out) {
        if (index < 0) {
            return out.accept(result(builtin, frame, in, values.clone(), at));
        }
        return arguments[index].run(frame, in, value -> {
            values[index] = value;
            return argument(frame, in, index - 1, values, out);
        });
    }

    private static JsonNode result(Native builtin, Frame frame, JsonNode in, JsonNode[] values, int at) {
        try {
            // Each makes a number or the like beside what it tells itself.
            budget(frame).bytes(MADE);
            return builtin.apply(in, values, budget(frame));
        } catch (JqException e) {
            throw e.at(at);
        }
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        return run(frame, in, value -> out.accept(path.to(value, in), value));
    }

    /** With one value of each argument. */
    private static final class One extends Scalar {

        private static final JsonNode[] NONE = {};

        private final Native builtin;
        private final Scalar[] arguments;
        private final int at;

        One(Native builtin, Scalar[] arguments, int at) {
            super(2 + tallest(arguments));
            this.builtin = builtin;
            this.arguments = arguments;
            this.at = at;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode[] values = arguments.length == 0 ? NONE : new JsonNode[arguments.length];
            for (int i = arguments.length - 1; i >= 0; i--) {
                JsonNode value = arguments[i].one(frame, in);
                if (value == null) {
                    return null;
                }
                values[i] = value;
            }
            return result(builtin, frame, in, values, at);
        }
    }
}
