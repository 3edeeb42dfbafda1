package dev.sluice.executor.expression.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.TestBudgets;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

final class JsonTextTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Test
    void writesCompactlyInOrder() {
        for (String text : new String[] {
            "null",
            "true",
            "[]",
            "{}",
            "[[],{},[[]],\"[\",\"{\",\"]\"]",
            "{\"b\":1,\"a\":{\"{\":[false,null,\"x\"]},\"\":-2}",
            "[1.10,123456789012345678901234567890,1E+1000,-0.5]"
        }) {
            assertThat(JsonText.of(json(text), TestBudgets.ample())).isEqualTo(text);
        }
    }

    @Test
    void escapesWhatJqEscapes() {
        String all = "\b\f\n\r\t\u0000\u001f\u007f\u0080\"\\/é\u2028😀";
        assertThat(JsonText.of(Json.string(all), TestBudgets.ample()))
                .isEqualTo("\"\\b\\f\\n\\r\\t\\u0000\\u001f\\u007f\u0080\\\"\\\\/é\u2028😀\"");
        assertThat(JsonText.of(NODES.objectNode().put("a\"", 1), TestBudgets.ample()))
                .isEqualTo("{\"a\\\"\":1}");
    }

    @Test
    void readsBackAsTheSame() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            JsonNode value = value(random, 4);
            assertThat(json(JsonText.of(value, TestBudgets.ample())))
                    .describedAs("seed %d", seed)
                    .isEqualTo(value);
        }
    }

    @Test
    void writesWhatIsNoJsonAsNull() {
        assertThat(JsonText.of(NODES.pojoNode(new Object()), TestBudgets.ample()))
                .isEqualTo("null");
        assertThat(JsonText.of(NODES.numberNode(Double.NaN), TestBudgets.ample()))
                .isEqualTo("null");
    }

    @Test
    void writesValuesNestedDeeperThanThreadsCanCall() {
        JsonNode value = NODES.numberNode(1);
        for (int i = 0; i < 200_000; i++) {
            value = i % 2 == 0
                    ? NODES.arrayNode().add(value)
                    : NODES.objectNode().set("a", value);
        }
        String text = JsonText.of(value, TestBudgets.ample());
        assertThat(text)
                .startsWith("{\"a\":[{\"a\":[")
                .contains("[1]}]}")
                .endsWith("]}]}")
                .hasSize(100_000 * 8 + 1);
    }

    @Test
    void stopsWhereTheBudgetEnds() {
        JsonNode shared = shared(60);
        assertThatThrownBy(() -> JsonText.of(shared, TestBudgets.of(1_000_000, 1L << 40)))
                .isInstanceOf(LimitException.class);
        assertThatThrownBy(() -> JsonText.of(Json.string("x".repeat(1_000)), TestBudgets.of(1_000_000, 1_000)))
                .isInstanceOf(LimitException.class);
    }

    @Test
    void startsWithoutGoingOverTheWholeValue() {
        assertThat(JsonText.start(shared(60), 100)).hasSizeBetween(100, 200).startsWith("[[[[");
        assertThat(JsonText.start(Json.string("y".repeat(1_000)), 10))
                .startsWith("\"yyyyyyyyy")
                .hasSizeLessThan(30);
        assertThat(JsonText.start(json("[1,2]"), 100)).isEqualTo("[1,2]");
        assertThat(JsonText.start(json("[1,2]"), 5)).isEqualTo("[1,2]");
    }

    /** Written out it has 2^levels numbers. */
    static JsonNode shared(int levels) {
        JsonNode value = NODES.numberNode(1);
        for (int i = 0; i < levels; i++) {
            value = NODES.arrayNode().add(value).add(value);
        }
        return value;
    }

    static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode value(Random random, int depth) {
        int kind = random.nextInt(depth == 0 ? 4 : 6);
        return switch (kind) {
            case 0 -> NODES.booleanNode(random.nextBoolean());
            case 1 -> NODES.numberNode(random.nextInt());
            case 2 -> NODES.stringNode(string(random));
            case 3 -> NODES.nullNode();
            case 4 -> {
                ArrayNode array = NODES.arrayNode();
                random.ints(random.nextInt(4)).forEach(ignored -> array.add(value(random, depth - 1)));
                yield array;
            }
            default -> {
                ObjectNode object = NODES.objectNode();
                random.ints(random.nextInt(4))
                        .forEach(key -> object.set(string(random) + key, value(random, depth - 1)));
                yield object;
            }
        };
    }

    private static String string(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append((char) random.nextInt(0x180));
        }
        return text.toString();
    }
}
