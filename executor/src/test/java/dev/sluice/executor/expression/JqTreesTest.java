package dev.sluice.executor.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

final class JqTreesTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final long seed = Long.getLong("sluice.seed", System.nanoTime());
    private final RandomGenerator random = new Random(seed);

    @Test
    void givesBackWhatItWasGiven() {
        for (int i = 0; i < 2_000; i++) {
            JsonNode value = Json.trusted(Json.bytes(value(0)));
            JsonNode back = JqTrees.fromJq(JqTrees.toJq(value));
            assertThat(back).describedAs("seed %d", seed).isEqualTo(value);
            assertThat(Json.trusted(Json.bytes(back)))
                    .describedAs("seed %d", seed)
                    .isEqualTo(back);
        }
    }

    @Test
    void followsPathsAsJacksonJqDoes() {
        List<String> programs =
                List.of(".", ".a", ".a.b", ".[\"a\"]", ".\"b\"", ".[0]", ".a[-1]", ".b[1].a", "$v", "$v.a", "$v[0].b");
        for (int i = 0; i < 500; i++) {
            JsonNode value = Json.trusted(Json.bytes(value(0)));
            Arguments arguments = Arguments.NONE.with("v", value);
            for (String program : programs) {
                Expression path = Objects.requireNonNull(PathExpression.parse(program));
                Expression jq = JqExpression.compile(program, ProgramScanner.scan(program), Set.of("v"));
                assertThat(outcome(path, value, arguments))
                        .describedAs("seed %d: %s over %s", seed, program, value)
                        .isEqualTo(outcome(jq, value, arguments));
            }
        }
    }

    @Test
    void takesOnlyPathsForPaths() {
        for (String program : List.of(
                "..", ".a?", ".[]", ".a | .b", ".[.a]", ".[1:2]", ".a b", "1", "", ".a.", "$", ".\"a\\(1)\"", "a")) {
            assertThat(PathExpression.parse(program)).describedAs(program).isNull();
        }
    }

    private static String outcome(Expression expression, JsonNode value, Arguments arguments) {
        try {
            return Json.text(expression.evaluate(value, arguments));
        } catch (ExpressionException e) {
            return "error: " + e.getMessage();
        }
    }

    private JsonNode value(int depth) {
        return switch (random.nextInt(depth < 4 ? 9 : 6)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.stringNode(random.nextBoolean() ? "a" : "\u0000\ud83d\ude00\"\\" + random.nextInt());
            case 3 -> NODES.numberNode(random.nextInt());
            case 4 -> NODES.numberNode(random.nextLong());
            case 5 -> NODES.numberNode(BigDecimal.valueOf(random.nextLong(), random.nextInt(30)));
            case 6, 7 -> object(depth);
            default -> array(depth);
        };
    }

    private JsonNode object(int depth) {
        ObjectNode object = Json.object();
        for (String name : List.of("a", "b", "c d")) {
            if (random.nextInt(3) > 0) {
                object.set(name, value(depth + 1));
            }
        }
        return object;
    }

    private JsonNode array(int depth) {
        ArrayNode array = Json.array();
        for (int i = random.nextInt(4); i > 0; i--) {
            array.add(value(depth + 1));
        }
        return array;
    }
}
