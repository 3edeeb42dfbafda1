package dev.sluice.loadtest.expression;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.executor.expression.program.Program;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** A program compiled by our evaluator, and run as the engine runs it: each time with a budget of its own. */
final class Evaluator {

    private static final Limits LIMITS =
            new Limits(2_000_000, 64L << 20, 1_500, 1, 64L << 20, 200, Duration.ofMinutes(1));

    private final Program program;

    Evaluator(String source) {
        this.program = Program.compile(source, Set.of());
    }

    JsonNode first(JsonNode input) {
        return Objects.requireNonNull(program.first(input, name -> null, new Budget(LIMITS, () -> false)));
    }
}
