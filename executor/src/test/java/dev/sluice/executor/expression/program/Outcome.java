package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Bound;
import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.executor.expression.syntax.CompileException;
import dev.sluice.executor.expression.value.JqException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How an evaluation ended, with what it gave before. Any other exception goes through.
 *
 * @param error the message of the program's error, or of the compiler's
 * @param bound what ran out
 */
record Outcome(
        List<JsonNode> outputs,
        @Nullable String error,
        @Nullable Bound bound) {

    /** So little that random programs end quickly. */
    static final Limits FEW = new Limits(50_000, 8 << 20, 1_000, 1_000, 1 << 20, 100, Duration.ofMinutes(1));

    static Outcome of(String source, JsonNode input, Limits limits) {
        try {
            return of(Program.compile(source, Set.of("x", Program.CLOCK)), input, limits);
        } catch (CompileException e) {
            return new Outcome(List.of(), e.getMessage(), null);
        }
    }

    static Outcome of(Program program, JsonNode input, Limits limits) {
        List<JsonNode> outputs = new ArrayList<>();
        try {
            program.each(input, Outcome::given, new Budget(limits, () -> false), outputs::add);
            return new Outcome(outputs, null, null);
        } catch (JqException e) {
            return new Outcome(outputs, e.getMessage(), null);
        } catch (LimitException e) {
            return new Outcome(outputs, null, e.bound());
        }
    }

    private static JsonNode given(String name) {
        return Programs.json(name.equals("x") ? "{\"a\": [1]}" : "1700000000.5");
    }

    boolean isResult() {
        return error == null && bound == null;
    }
}
