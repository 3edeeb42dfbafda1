package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.value.Values;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Parts one after another, and one or the other: {@code |}, {@code if}, {@code //}. */
final class Flow {

    private Flow() {}

    static Node pipe(List<Node> parts) {
        Node chain = parts.getLast();
        for (int i = parts.size() - 2; i >= 0; i--) {
            chain = pipe(parts.get(i), chain);
        }
        return chain;
    }

    private static Node pipe(Node left, Node right) {
        if (left == Leaves.Identity.NODE) {
            return right;
        }
        if (right == Leaves.Identity.NODE) {
            return left;
        }
        if (left instanceof Scalar first) {
            return right instanceof Scalar second ? new OnePipe(first, second) : new Then(first, right);
        }
        return new Pipe(left, right);
    }

    /** {@code left | right} */
    private static final class Pipe extends Node {

        private final Node left;
        private final Node right;

        Pipe(Node left, Node right) {
            super(2 + stacked(left, right), 2 + left.pathsHeight() + right.pathsHeight());
            this.left = left;
            this.right = right;
        }

        @Override
        boolean isDetached() {
            return left.isDetached();
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            if (right instanceof Scalar scalar) {
                return left.run(frame, in, value -> {
                    JsonNode result = scalar.one(frame, value);
                    return result == null ? GO : out.accept(result);
                });
            }
            return left.run(frame, in, value -> right.run(frame, value, out));
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return left.paths(frame, path, in, (found, value) -> right.paths(frame, found, value, out));
        }
    }

    /** The same with one on the left, whose right side is the last thing to do. */
    private static final class Then extends Node {

        private final Scalar left;
        private final Node right;

        Then(Scalar left, Node right) {
            super(1 + tallest(left, right), 2 + left.pathsHeight() + right.pathsHeight());
            this.left = left;
            this.right = right;
        }

        @Override
        boolean isDetached() {
            return left.isDetached();
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            JsonNode value = left.one(frame, in);
            return value == null ? GO : right.run(frame, value, out);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return left.paths(frame, path, in, (found, value) -> right.paths(frame, found, value, out));
        }
    }

    /** The same with one on both sides. */
    private static final class OnePipe extends Scalar {

        private final Scalar left;
        private final Scalar right;

        OnePipe(Scalar left, Scalar right) {
            super(1 + tallest(left, right), 2 + left.pathsHeight() + right.pathsHeight());
            this.left = left;
            this.right = right;
        }

        @Override
        boolean isDetached() {
            return left.isDetached();
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode value = left.one(frame, in);
            return value == null ? null : right.one(frame, value);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return left.paths(frame, path, in, (found, value) -> right.paths(frame, found, value, out));
        }
    }

    static Node condition(Node condition, Node then, Node otherwise) {
        return condition instanceof Scalar test && then instanceof Scalar yes && otherwise instanceof Scalar no
                ? new OneIf(test, yes, no)
                : new If(condition, then, otherwise);
    }

    /** {@code if}: for each truth value. */
    private static final class If extends Node {

        private final Node condition;
        private final Node then;
        private final Node otherwise;

        If(Node condition, Node then, Node otherwise) {
            super(
                    2 + condition.height() + tallest(then, otherwise),
                    2 + condition.height() + tallestPaths(then, otherwise));
            this.condition = condition;
            this.then = then;
            this.otherwise = otherwise;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            if (condition instanceof Scalar scalar) {
                JsonNode test = scalar.one(frame, in);
                return test == null ? GO : branch(test).run(frame, in, out);
            }
            return condition.run(frame, in, test -> branch(test).run(frame, in, out));
        }

        private Node branch(JsonNode test) {
            return Values.isTrue(test) ? then : otherwise;
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return condition.run(frame, in, test -> branch(test).paths(frame, path, in, out));
        }
    }

    /** The same with one of each. */
    private static final class OneIf extends Scalar {

        private final Scalar condition;
        private final Scalar then;
        private final Scalar otherwise;

        OneIf(Scalar condition, Scalar then, Scalar otherwise) {
            super(
                    1 + tallest(condition, then, otherwise),
                    1 + Math.max(condition.height(), tallestPaths(then, otherwise)));
            this.condition = condition;
            this.then = then;
            this.otherwise = otherwise;
        }

        @Override
        boolean isDetached() {
            return then.isDetached() && otherwise.isDetached();
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode test = condition.one(frame, in);
            return test == null ? null : (Values.isTrue(test) ? then : otherwise).one(frame, in);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            JsonNode test = condition.one(frame, in);
            return test == null ? GO : (Values.isTrue(test) ? then : otherwise).paths(frame, path, in, out);
        }
    }

    static Node alternative(Node left, Node right) {
        return left instanceof Scalar first && right instanceof Scalar second
                ? new OneAlternative(first, second)
                : new Alternative(left, right);
    }

    /** {@code left // right}: what is true of the left; where nothing is, the right. */
    private static final class Alternative extends Node {

        private final Node left;
        private final Node right;

        Alternative(Node left, Node right) {
            super(2 + tallest(left, right), 2 + tallestPaths(left, right));
            this.left = left;
            this.right = right;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            boolean[] found = new boolean[1];
            int flow = left.run(frame, in, value -> {
                if (!Values.isTrue(value)) {
                    return GO;
                }
                found[0] = true;
                return out.accept(value);
            });
            return found[0] ? flow : right.run(frame, in, out);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            boolean[] found = new boolean[1];
            int flow = left.paths(frame, path, in, (place, value) -> {
                if (!Values.isTrue(value)) {
                    return GO;
                }
                found[0] = true;
                return out.accept(place, value);
            });
            return found[0] ? flow : right.paths(frame, path, in, out);
        }
    }

    /** The same with one of each. */
    private static final class OneAlternative extends Scalar {

        private final Scalar left;
        private final Scalar right;
        private final Alternative paths;

        OneAlternative(Scalar left, Scalar right) {
            super(1 + tallest(left, right), 3 + tallestPaths(left, right));
            this.left = left;
            this.right = right;
            this.paths = new Alternative(left, right);
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode value = left.one(frame, in);
            return value != null && Values.isTrue(value) ? value : right.one(frame, in);
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return paths.paths(frame, path, in, out);
        }
    }
}
