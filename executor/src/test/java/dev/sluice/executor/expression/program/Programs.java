package dev.sluice.executor.expression.program;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Runs programs in tests. */
final class Programs {

    static final Limits LIMITS =
            new Limits(10_000_000, 256L << 20, 20_000, 1_000_000, 64L << 20, 200, Duration.ofSeconds(10));

    private Programs() {}

    static Budget budget() {
        return new Budget(LIMITS, () -> false);
    }

    static List<JsonNode> run(String program, JsonNode input) {
        List<JsonNode> outputs = new ArrayList<>();
        Program.compile(program, Set.of(Program.CLOCK)).each(input, Programs::given, budget(), outputs::add);
        return outputs;
    }

    private static JsonNode given(String name) {
        return json("1700000000.5");
    }

    static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
