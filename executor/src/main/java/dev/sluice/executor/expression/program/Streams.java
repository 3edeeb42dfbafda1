package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.Arithmetic;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Numbers;
import dev.sluice.executor.expression.value.Order;
import dev.sluice.executor.expression.value.Paths;
import dev.sluice.executor.expression.value.Values;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Builtins that are about the outputs of their arguments: some of them, none of them, where they come from. */
final class Streams {

    private Streams() {}

    /** The first output, or null; the rest is never made. */
    static @Nullable JsonNode first(Node node, Frame frame, JsonNode in) {
        if (node instanceof Scalar scalar) {
            return scalar.one(frame, in);
        }
        @Nullable JsonNode[] first = new JsonNode[1];
        int flow = node.run(frame, in, value -> {
            first[0] = value;
            return Node.STOP;
        });
        assert flow == Node.STOP || first[0] == null;
        return first[0];
    }

    /** {@code first(f)} */
    static final class First extends Scalar {

        private final Node stream;

        First(Node stream) {
            super(2 + stream.height(), 6 + stream.pathsHeight());
            this.stream = stream;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            return first(stream, frame, in);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return new Window(new Leaves.Constant(Numbers.of(1L)), stream, "limit").paths(frame, path, in, out);
        }
    }

    /** {@code isempty(f)} */
    static final class IsEmpty extends Scalar {

        private final Node stream;

        IsEmpty(Node stream) {
            super(2 + stream.height());
            this.stream = stream;
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            return Values.of(first(stream, frame, in) == null);
        }
    }

    /** {@code any(f; condition)} and {@code all(f; condition)}: until it is decided. */
    static final class Some extends Scalar {

        private final boolean any;
        private final Node stream;
        private final Node condition;

        Some(boolean any, Node stream, Node condition) {
            super(3 + stacked(stream, condition));
            this.any = any;
            this.stream = stream;
            this.condition = condition;
        }

        @Override
        JsonNode one(Frame frame, JsonNode in) {
            boolean decided = stream.run(
                            frame,
                            in,
                            value -> condition.run(frame, value, test -> Values.isTrue(test) == any ? STOP : GO))
                    == STOP;
            return Values.of(decided == any);
        }
    }

    /** {@code limit(count; f)} and {@code skip(count; f)}, for each count. */
    static final class Window extends Node {

        private final Node count;
        private final Node stream;
        private final String name;

        Window(Node count, Node stream, String name) {
            super(4 + stacked(count, stream), 4 + count.height() + stream.pathsHeight());
            this.count = count;
            this.stream = stream;
            this.name = name;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return count.run(frame, in, number -> {
                Counter counter = counter(number, frame);
                if (counter.isDone()) {
                    return GO;
                }
                int flow = stream.run(frame, in, value -> counter.takes() ? counter.after(out.accept(value)) : GO);
                return counter.outer(flow);
            });
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return count.run(frame, in, number -> {
                Counter counter = counter(number, frame);
                if (counter.isDone()) {
                    return GO;
                }
                int flow = stream.paths(
                        frame,
                        path,
                        in,
                        (found, value) -> counter.takes() ? counter.after(out.accept(found, value)) : GO);
                return counter.outer(flow);
            });
        }

        private Counter counter(JsonNode number, Frame frame) {
            boolean skips = name.equals("skip");
            if (!number.isNumber()) {
                if (number.isNull() || number.isBoolean()) {
                    throw new JqException(name + " doesn't support negative count");
                }
                return new Counter(skips, 1, budget(frame), number);
            }
            double wanted = Numbers.value(number);
            if (wanted < 0 || Double.isNaN(wanted)) {
                throw new JqException(name + " doesn't support negative count");
            }
            return new Counter(skips, (long) (skips ? wanted : Math.ceil(wanted)), budget(frame), null);
        }
    }

    /** How many outputs are still to be passed over, or to be taken. */
    private static final class Counter {

        private final boolean skips;
        private final Budget budget;
        private final @Nullable JsonNode uncountable;
        private long left;
        private boolean ended;

        /** What is no number cannot be counted down, which is found out at the first output. */
        Counter(boolean skips, long count, Budget budget, @Nullable JsonNode uncountable) {
            this.uncountable = uncountable;
            this.skips = skips;
            this.left = count;
            this.budget = budget;
        }

        boolean isDone() {
            return !skips && left == 0;
        }

        boolean takes() {
            if (uncountable != null) {
                throw Arithmetic.refused(uncountable, Numbers.of(1L), "subtracted");
            }
            if (!skips) {
                return true;
            }
            if (left == 0) {
                return true;
            }
            left--;
            budget.step();
            return false;
        }

        int after(int flow) {
            if (skips || flow == Node.STOP) {
                return flow;
            }
            left--;
            ended = left == 0;
            return ended ? Node.STOP : Node.GO;
        }

        /** That this was enough is no reason for anybody further out to stop. */
        int outer(int flow) {
            return ended ? Node.GO : flow;
        }
    }

    /** {@code range(from; upto)} and {@code range(from; upto; by)}, for each beginning, each end, each step. */
    static final class Range extends Node {

        private final Node from;
        private final Node upto;
        private final Node by;
        private final boolean stepped;

        Range(Node from, Node upto) {
            this(from, upto, new Leaves.Constant(Numbers.of(1L)), false);
        }

        Range(Node from, Node upto, Node by) {
            this(from, upto, by, true);
        }

        private Range(Node from, Node upto, Node by, boolean stepped) {
            super(4 + stacked(from, upto, by));
            this.from = from;
            this.upto = upto;
            this.by = by;
            this.stepped = stepped;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return from.run(
                    frame,
                    in,
                    first ->
                            upto.run(frame, in, end -> by.run(frame, in, step -> count(frame, first, end, step, out))));
        }

        private int count(Frame frame, JsonNode first, JsonNode end, JsonNode step, Sink out) {
            if (first.isNumber() && end.isNumber() && step.isNumber()) {
                return count(frame, Numbers.value(first), Numbers.value(end), Numbers.value(step), out);
            }
            if (!stepped) {
                throw new JqException("Range bounds must be numeric");
            }
            return added(frame, first, end, step, out);
        }

        /** With a step, a range is of whatever can be added and compared. */
        private static int added(Frame frame, JsonNode first, JsonNode end, JsonNode step, Sink out) {
            Budget budget = budget(frame);
            int direction = Order.compare(step, Numbers.of(0L), budget);
            JsonNode at = first;
            while (direction != 0 && Order.compare(end, at, budget) * direction > 0) {
                budget.step();
                if (out.accept(at) == STOP) {
                    return STOP;
                }
                at = Arithmetic.add(at, step, budget);
            }
            return GO;
        }

        private static int count(Frame frame, double first, double end, double step, Sink out) {
            Budget budget = budget(frame);
            for (double at = first; step > 0 ? at < end : step < 0 && at > end; at += step) {
                budget.step();
                budget.bytes(Values.NUMBER);
                if (out.accept(Numbers.of(at)) == STOP) {
                    return STOP;
                }
            }
            return GO;
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return run(frame, in, value -> out.accept(Path.NONE, value));
        }
    }

    /** {@code path(f)}: where each output is in the input. */
    static final class Places extends Node {

        private final Node stream;

        Places(Node stream) {
            super(2 + stream.pathsHeight());
            this.stream = stream;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return stream.paths(frame, Path.ROOT, in, (path, value) -> {
                if (!path.isSome()) {
                    throw PathErrors.made(value);
                }
                return out.accept(path.array(budget(frame)));
            });
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return run(frame, in, value -> out.accept(Path.NONE, value));
        }
    }

    /** {@code getpath(path)}, which is a path itself. */
    static final class At extends Node {

        private final Node place;
        private final int at;

        At(Node place, int at) {
            super(2 + place.height());
            this.place = place;
            this.at = at;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return place.run(frame, in, keys -> out.accept(found(frame, in, keys)));
        }

        private JsonNode found(Frame frame, JsonNode in, JsonNode keys) {
            try {
                return Paths.get(in, keys, budget(frame));
            } catch (JqException e) {
                throw e.at(at);
            }
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return place.run(frame, in, keys -> {
                JsonNode found = found(frame, in, keys);
                if (!path.isSome()) {
                    throw PathErrors.made(found).at(at);
                }
                Path to = path;
                for (JsonNode key : keys) {
                    budget(frame).step();
                    to = to.then(key, budget(frame));
                }
                return out.accept(to, found);
            });
        }
    }
}
