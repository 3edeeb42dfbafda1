package dev.sluice.executor.expression.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.expression.limit.Limits;
import dev.sluice.executor.expression.value.Order;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Random programs over random values: whatever they are, they end as programs may, and always the same. */
final class FuzzTest {

    private static final int PROGRAMS = 4_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 20_260_101, 424_242, -7})
    void endsAsProgramsMay(long seed) {
        RandomPrograms random = new RandomPrograms(seed);
        int results = 0;
        for (int i = 0; i < PROGRAMS; i++) {
            String program = random.program(1 + i % 4);
            JsonNode input = random.value(3);
            Outcome outcome = checked(program, input, seed);
            results += outcome.isResult() && !outcome.outputs().isEmpty() ? 1 : 0;
        }
        System.out.println("seed " + seed + ": " + results + " of " + PROGRAMS + " programs gave something");
        // What only fails would show nothing.
        assertThat(results).isGreaterThan(PROGRAMS / 10);
    }

    private static Outcome checked(String program, JsonNode input, long seed) {
        String before = Json.text(input);
        Outcome outcome;
        try {
            outcome = Outcome.of(program, input, Outcome.FEW);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ": " + program + " of " + before, e);
        }
        assertThat(Json.text(input)).as("input of %s", program).isEqualTo(before);
        Outcome again = Outcome.of(program, input, Outcome.FEW);
        assertThat(again).as("seed %s: %s of %s", seed, program, before).isEqualTo(outcome);
        for (JsonNode output : outcome.outputs()) {
            JsonNode read = Json.trusted(Json.bytes(output));
            assertThat(Order.equal(read, output, Programs.budget()) && read.equals(output))
                    .as("seed %s: %s of %s gave %s, read as %s", seed, program, before, output, read)
                    .isTrue();
        }
        return outcome;
    }

    @Test
    void givesTheSameWithMore() {
        RandomPrograms random = new RandomPrograms(99);
        Limits few = Outcome.FEW;
        Limits more = new Limits(
                few.steps() * 10,
                few.bytes() * 10,
                few.depth() * 2,
                few.outputs() * 10,
                few.result() * 10,
                few.nesting() * 2,
                Duration.ofMinutes(1));
        for (int i = 0; i < PROGRAMS; i++) {
            String program = random.program(1 + i % 4);
            JsonNode input = random.value(3);
            Outcome outcome = Outcome.of(program, input, few);
            if (outcome.bound() == null) {
                assertThat(Outcome.of(program, input, more)).as(program).isEqualTo(outcome);
            }
        }
    }
}
