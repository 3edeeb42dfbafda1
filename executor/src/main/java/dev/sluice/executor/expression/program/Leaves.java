package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Values;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Nodes without parts. */
final class Leaves {

    private Leaves() {}

    /** {@code .} */
    static final class Identity extends Scalar {

        static final Identity NODE = new Identity();

        private Identity() {
            super(1);
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            return in;
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return out.accept(path, in);
        }
    }

    /** {@code empty} */
    static final class Empty extends Scalar {

        static final Empty NODE = new Empty();

        private Empty() {
            super(1);
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            return null;
        }
    }

    /** A value that was known when the program was compiled. */
    static final class Constant extends Scalar {

        private final JsonNode value;

        Constant(JsonNode value) {
            super(1);
            this.value = value;
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            return value;
        }

        @Override
        boolean isDetached() {
            return true;
        }

        @Override
        boolean isConstant() {
            return true;
        }

        JsonNode value() {
            return value;
        }
    }

    /** {@code $name}, bound by the program. */
    static final class Variable extends Scalar {

        private final int hops;
        private final int slot;

        Variable(int hops, int slot) {
            super(1);
            this.hops = hops;
            this.slot = slot;
        }

        @Override
        boolean isDetached() {
            return true;
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            return frame.up(hops).get(slot);
        }
    }

    /** {@code $name}, given from outside. */
    static final class Given extends Scalar {

        private final String name;
        private final String missing;

        Given(String name, String missing) {
            super(1);
            this.name = name;
            this.missing = missing;
        }

        @Override
        boolean isDetached() {
            return true;
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode value = frame.evaluation().given(name);
            if (value == null) {
                throw new JqException(missing);
            }
            return value;
        }
    }

    /** {@code error}: ends with the input as the error. */
    static final class Failure extends Scalar {

        static final Failure NODE = new Failure();

        private Failure() {
            super(1);
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            throw new JqException(in);
        }
    }

    /** {@code ..}: the value and all within it, each before what is in it. Deep values take a heap, not the stack. */
    static final class Descend extends Node {

        static final Descend NODE = new Descend();

        /** Three methods call each other, one of which has many variables. */
        private static final int LEVELS = 2;

        private Descend() {
            super(2);
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return paths(frame, Path.NONE, in, (path, value) -> out.accept(value));
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            budget(frame).enter(LEVELS);
            budget(frame).step();
            int flow = out.accept(path, in);
            if (flow == GO && in.isContainer()) {
                flow = new Iterate.Walk(frame, path, in)
                        .each((childPath, child) -> paths(frame, childPath, child, out));
            }
            budget(frame).leave(LEVELS);
            return flow;
        }
    }

    /** {@code a, b, …} */
    static final class Comma extends Node {

        private final Node[] parts;

        Comma(List<Node> parts) {
            super(1 + tallest(parts.toArray(Node[]::new)), 1 + tallestPaths(parts.toArray(Node[]::new)));
            this.parts = parts.toArray(Node[]::new);
        }

        @Override
        boolean isConstant() {
            return Arrays.stream(parts).allMatch(Node::isConstant);
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            Budget budget = budget(frame);
            for (int i = 0; i < parts.length - 1; i++) {
                budget.step();
                if (parts[i].run(frame, in, out) == STOP) {
                    return STOP;
                }
            }
            return parts[parts.length - 1].run(frame, in, out);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            Budget budget = budget(frame);
            for (Node part : parts) {
                budget.step();
                if (part.paths(frame, path, in, out) == STOP) {
                    return STOP;
                }
            }
            return GO;
        }
    }

    /** The value {@code null}. */
    static Constant nothing() {
        return new Constant(Values.NULL);
    }
}
