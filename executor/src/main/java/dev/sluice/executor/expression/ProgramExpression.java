package dev.sluice.executor.expression;

import dev.sluice.executor.expression.limit.Bound;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.executor.expression.program.Program;
import dev.sluice.executor.expression.syntax.CompileException;
import dev.sluice.executor.expression.syntax.Problem;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** A jq program as an expression: its first output, within the bounds of the engine. */
final class ProgramExpression implements Expression {

    /** Three quarters of a thread's stack of a mebibyte; the engine's own calls are below it. */
    private static final int LEVELS = (3 << 18) / Budget.STACK_BYTES_PER_LEVEL;

    /**
     * Some hundredths of a second of work, and memory of which each of the engine's threads may hold that much. The time never runs
     * out before the steps: a run must not end otherwise because its machine stood still.
     */
    private static final Limits LIMITS =
            new Limits(2_000_000, 64L << 20, LEVELS, 1, 64L << 20, Json.MAX_DEPTH, Duration.ofDays(1));

    private final Program program;

    private ProgramExpression(Program program) {
        this.program = program;
    }

    /** Throws {@link ExpressionException} with all that is wrong with the program. */
    static ProgramExpression compile(String source, Set<String> variables) {
        try {
            return new ProgramExpression(Program.compile(source, variables));
        } catch (CompileException e) {
            throw new ExpressionException(Objects.requireNonNullElse(e.getMessage(), ""));
        }
    }

    /** Throws {@link LimitException} where the evaluation ran out of something that says nothing of the program. */
    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) {
        try {
            JsonNode first = program.first(input, arguments::get, new Budget(LIMITS, () -> false));
            return first == null ? NullNode.getInstance() : first;
        } catch (JqException e) {
            throw failed(e);
        } catch (LimitException e) {
            throw e.bound().isDeterministic() ? limited(e) : e;
        }
    }

    private ExpressionException failed(JqException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "");
        return e.at() < 0
                ? new ExpressionException(message)
                : new ExpressionException(message, Problem.at(program.source(), e.at(), message));
    }

    private static ExpressionException limited(LimitException e) {
        return new ExpressionException(Objects.requireNonNullElse(e.getMessage(), Bound.STEPS.unit()));
    }
}
