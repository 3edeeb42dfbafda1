package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.program.Frame.Closure;
import dev.sluice.executor.expression.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Calls of recursive functions, and of the closures that those were given. */
final class Calls {

    private Calls() {}

    /** An argument of a call. */
    sealed interface Argument {

        Closure in(Frame frame);

        /**
         * A part of the caller's program.
         *
         * @param from first of the caller's slots that it binds
         * @param upto the one after the last
         */
        record Part(Node body, int from, int upto) implements Argument {

            /** Of a closure and its frame. */
            private static final int BYTES = 96;

            @Override
            public Closure in(Frame frame) {
                // It keeps the frame, also when the call has taken the place of its caller.
                Node.budget(frame).bytes(BYTES);
                return new Closure(body, frame, from, upto);
            }
        }

        /** A closure that the caller was given itself. */
        record Passed(int hops, int index) implements Argument {
            @Override
            public Closure in(Frame frame) {
                return frame.up(hops).closure(index);
            }
        }
    }

    /** What a call is of, and with what. */
    record Target(Routine routine, int hops, List<Argument> arguments, boolean last) {

        private static final Closure[] NONE = {};

        /** Variables of a call that its levels pay for. */
        private static final int FEW = 16;

        Frame enter(Frame frame) {
            Closure[] closures = arguments.isEmpty() ? NONE : new Closure[arguments.size()];
            for (int i = 0; i < closures.length; i++) {
                closures[i] = arguments.get(i).in(frame);
            }
            int slots = routine.slots();
            if (slots > FEW) {
                Node.budget(frame).steps(slots >> 5);
                Node.budget(frame).bytes((long) Values.ELEMENT * slots);
            }
            return new Frame(frame.evaluation(), frame.up(hops), routine.slots(), closures);
        }
    }

    /** A call of a function with any number of outputs. */
    static final class Call extends Node {

        private final Target target;

        Call(Target target) {
            super(2);
            this.target = target;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            Evaluation evaluation = frame.evaluation();
            Budget budget = evaluation.budget();
            budget.step();
            Frame inner = target.enter(frame);
            if (target.last) {
                evaluation.leave(target.routine, inner, in);
                return TAIL;
            }
            int paid = levels(target.routine);
            budget.enter(paid);
            int flow = target.routine.body().run(inner, in, out);
            while (flow == TAIL) {
                Routine routine = evaluation.routine();
                budget.leave(paid);
                paid = levels(routine);
                budget.enter(paid);
                flow = routine.body().run(evaluation.frame(), evaluation.input(), out);
            }
            budget.leave(paid);
            return flow;
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return pathsOf(target, frame, path, in, out);
        }
    }

    private static int levels(Routine routine) {
        return routine.body().height();
    }

    private static int pathsOf(Target target, Frame frame, Path path, JsonNode in, PathSink out) {
        Budget budget = Node.budget(frame);
        budget.step();
        int paid = target.routine.body().pathsHeight();
        budget.enter(paid);
        int flow = target.routine.body().paths(target.enter(frame), path, in, out);
        budget.leave(paid);
        return flow;
    }

    /** A call of a function with one output at most. */
    static final class OneCall extends Scalar {

        private final Target target;

        OneCall(Target target) {
            super(2);
            this.target = target;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            Evaluation evaluation = frame.evaluation();
            Budget budget = evaluation.budget();
            budget.step();
            Frame inner = target.enter(frame);
            if (target.last) {
                evaluation.leave(target.routine, inner, in);
                return REST;
            }
            int paid = levels(target.routine);
            budget.enter(paid);
            JsonNode value = ((Scalar) target.routine.body()).one(inner, in);
            while (value != null && value.isMissingNode()) {
                Routine routine = evaluation.routine();
                budget.leave(paid);
                paid = levels(routine);
                budget.enter(paid);
                value = ((Scalar) routine.body()).one(evaluation.frame(), evaluation.input());
            }
            budget.leave(paid);
            return value;
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return pathsOf(target, frame, path, in, out);
        }
    }

    /** A call of a closure, in the frame of whoever gave it. */
    static final class Given extends Node {

        private final int hops;
        private final int index;

        Given(int hops, int index) {
            super(3);
            this.hops = hops;
            this.index = index;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            Closure closure = frame.up(hops).closure(index);
            Budget budget = budget(frame);
            budget.step();
            budget.enter(closure.body().height());
            @Nullable JsonNode[] before = closure.bound(budget);
            try {
                return closure.body().run(closure.frame(), in, out);
            } finally {
                closure.restore(before);
                budget.leave(closure.body().height());
            }
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            Closure closure = frame.up(hops).closure(index);
            Budget budget = budget(frame);
            budget.step();
            budget.enter(closure.body().pathsHeight());
            @Nullable JsonNode[] before = closure.bound(budget);
            try {
                return closure.body().paths(closure.frame(), path, in, out);
            } finally {
                closure.restore(before);
                budget.leave(closure.body().pathsHeight());
            }
        }
    }

    /** The same with one output at most. */
    static final class OneGiven extends Scalar {

        private final int hops;
        private final int index;
        private final Given paths;

        OneGiven(int hops, int index) {
            super(3);
            this.hops = hops;
            this.index = index;
            this.paths = new Given(hops, index);
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            Closure closure = frame.up(hops).closure(index);
            Budget budget = budget(frame);
            budget.step();
            budget.enter(closure.body().height());
            @Nullable JsonNode[] before = closure.bound(budget);
            try {
                return ((Scalar) closure.body()).one(closure.frame(), in);
            } finally {
                closure.restore(before);
                budget.leave(closure.body().height());
            }
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return paths.paths(frame, path, in, out);
        }
    }
}
