package dev.sluice.executor.expression;

import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.program.Program;
import dev.sluice.executor.expression.syntax.CompileException;
import dev.sluice.executor.expression.syntax.Problem;
import dev.sluice.executor.expression.value.JqException;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** A jq program as an expression: its first output, within the bounds of the engine. */
final class ProgramExpression implements Expression {

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

    /** Throws {@link Unfinished} where the allowance says so, and {@link LimitException} where the machine stood still. */
    @Override
    public JsonNode evaluate(JsonNode input, Arguments arguments) {
        return Allowance.metered(budget -> {
            try {
                JsonNode first = program.first(input, arguments::get, budget);
                return first == null ? NullNode.getInstance() : first;
            } catch (JqException e) {
                throw failed(e);
            }
        });
    }

    private ExpressionException failed(JqException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "");
        return e.at() < 0
                ? new ExpressionException(message)
                : new ExpressionException(message, Problem.at(program.source(), e.at(), message));
    }
}
