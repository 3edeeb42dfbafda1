package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.syntax.Operator;
import dev.sluice.executor.expression.value.Arithmetic;
import dev.sluice.executor.expression.value.Edits;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.executor.expression.value.Order;
import dev.sluice.executor.expression.value.Values;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Arithmetic and comparison: for each value of the right, each of the left. */
final class Operation extends Node {

    private final Operator operator;
    private final Node left;
    private final Node right;
    private final int at;

    private Operation(Operator operator, Node left, Node right, int at) {
        super(2 + stacked(left, right));
        this.operator = operator;
        this.left = left;
        this.right = right;
        this.at = at;
    }

    static Node of(Operator operator, Node left, Node right, int at) {
        return left instanceof Scalar one && right instanceof Scalar other
                ? new One(operator, one, other, at)
                : new Operation(operator, left, right, at);
    }

    @Override
    int run(Frame frame, JsonNode in, Sink out) {
        return right.run(frame, in, second -> left.run(frame, in, first -> out.accept(result(frame, first, second))));
    }

    @Override
    int paths(Frame frame, Path path, JsonNode in, PathSink out) {
        return run(frame, in, value -> out.accept(path.to(value, in), value));
    }

    private JsonNode result(Frame frame, JsonNode first, JsonNode second) {
        try {
            return apply(operator, first, second, budget(frame));
        } catch (JqException e) {
            throw e.at(at);
        }
    }

    static JsonNode apply(Operator operator, JsonNode left, JsonNode right, Budget budget) {
        return switch (operator) {
            case ADD -> Arithmetic.add(left, right, budget);
            case SUBTRACT -> Arithmetic.subtract(left, right, budget);
            case MULTIPLY -> Arithmetic.multiply(left, right, budget);
            case DIVIDE -> Arithmetic.divide(left, right, budget);
            case MODULO -> Arithmetic.modulo(left, right);
            case EQUAL -> Values.of(Order.equal(left, right, budget));
            case UNEQUAL -> Values.of(!Order.equal(left, right, budget));
            case LESS -> Values.of(Order.isLess(left, right, budget));
            case GREATER_OR_EQUAL -> Values.of(!Order.isLess(left, right, budget));
            case GREATER -> Values.of(Order.compare(left, right, budget) > 0);
            case LESS_OR_EQUAL -> Values.of(Order.compare(left, right, budget) <= 0);
            case ALTERNATIVE,
                    ASSIGN,
                    UPDATE,
                    UPDATE_ADD,
                    UPDATE_SUBTRACT,
                    UPDATE_MULTIPLY,
                    UPDATE_DIVIDE,
                    UPDATE_MODULO,
                    UPDATE_ALTERNATIVE,
                    OR,
                    AND -> throw new IllegalStateException(operator + " is no operation on values");
        };
    }

    /** With one value on each side. */
    private static final class One extends Scalar implements Growing {

        private final Operator operator;
        private final Scalar left;
        private final Scalar right;
        private final int at;

        One(Operator operator, Scalar left, Scalar right, int at) {
            super(1 + tallest(left, right));
            this.operator = operator;
            this.left = left;
            this.right = right;
            this.at = at;
        }

        @Override
        boolean isDetached() {
            return left.isDetached() && right.isDetached();
        }

        @Override
        public boolean grows() {
            return operator == Operator.ADD && left == Leaves.Identity.NODE && right.isDetached();
        }

        @Override
        public @Nullable JsonNode grow(Frame frame, JsonNode in, Edits edits) {
            JsonNode more = right.one(frame, in);
            try {
                return more == null ? null : edits.add(in, more);
            } catch (JqException e) {
                throw e.at(at);
            }
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode second = right.one(frame, in);
            JsonNode first = second == null ? null : left.one(frame, in);
            if (first == null || second == null) {
                return null;
            }
            try {
                return apply(operator, first, second, budget(frame));
            } catch (JqException e) {
                throw e.at(at);
            }
        }
    }

    static Node logic(boolean and, Node left, Node right) {
        return left instanceof Scalar one && right instanceof Scalar other
                ? new OneLogic(and, one, other)
                : new Logic(and, left, right);
    }

    /** {@code and}, {@code or}: for each value of the left that does not decide alone, each of the right. */
    private static final class Logic extends Node {

        private final boolean and;
        private final Node left;
        private final Node right;

        Logic(boolean and, Node left, Node right) {
            super(2 + stacked(left, right));
            this.and = and;
            this.left = left;
            this.right = right;
        }

        @Override
        int run(Frame frame, JsonNode in, Sink out) {
            return left.run(frame, in, first -> {
                if (Values.isTrue(first) != and) {
                    return out.accept(Values.of(!and));
                }
                return right.run(frame, in, second -> out.accept(Values.of(Values.isTrue(second))));
            });
        }

        @Override
        int paths(Frame frame, Path path, JsonNode in, PathSink out) {
            return run(frame, in, value -> out.accept(path.to(value, in), value));
        }
    }

    /** The same with one value on each side. */
    private static final class OneLogic extends Scalar {

        private final boolean and;
        private final Scalar left;
        private final Scalar right;

        OneLogic(boolean and, Scalar left, Scalar right) {
            super(1 + tallest(left, right));
            this.and = and;
            this.left = left;
            this.right = right;
        }

        @Override
        @Nullable
        JsonNode one(Frame frame, JsonNode in) {
            JsonNode first = left.one(frame, in);
            if (first == null) {
                return null;
            }
            if (Values.isTrue(first) != and) {
                return Values.of(!and);
            }
            JsonNode second = right.one(frame, in);
            return second == null ? null : Values.of(Values.isTrue(second));
        }
    }
}
