package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.executor.expression.syntax.Operator;
import dev.sluice.executor.expression.value.Arithmetic;
import dev.sluice.executor.expression.value.JqException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Evaluates what is constant when the program is compiled, where that is cheap; what fails is left to fail when it runs. */
final class Folding {

    private static final Limits LITTLE = new Limits(1_000, 8_192, 100, 1, 8_192, 100, Duration.ofSeconds(1));

    private Folding() {}

    static Node operation(Operator operator, Node left, Node right, int at) {
        Node node = Operation.of(operator, left, right, at);
        return left.isConstant() && right.isConstant() ? folded(node) : node;
    }

    static Node negation(Node operand, int at) {
        Node node = Natives.of((in, arguments, budget) -> Arithmetic.negate(arguments[0]), List.of(operand), at);
        return operand.isConstant() ? folded(node) : node;
    }

    static Node array(@Nullable Node items) {
        if (items == null) {
            return folded(new Making.Collect(Leaves.Empty.NODE));
        }
        Node node = new Making.Collect(items);
        return items.isConstant() ? folded(node) : node;
    }

    static Node object(List<Node> keys, List<Node> values, int at) {
        Node node = Making.object(keys, values, at);
        boolean constant =
                keys.stream().allMatch(Node::isConstant) && values.stream().allMatch(Node::isConstant);
        return constant ? folded(node) : node;
    }

    private static Node folded(Node node) {
        Function<String, @Nullable JsonNode> nothing = name -> null;
        Frame frame = new Frame(new Evaluation(new Budget(LITTLE, () -> false), nothing), 0);
        try {
            JsonNode value = node instanceof Scalar scalar ? scalar.one(frame, NullNode.getInstance()) : null;
            return value == null ? node : new Leaves.Constant(value);
        } catch (JqException | LimitException e) {
            return node;
        }
    }
}
