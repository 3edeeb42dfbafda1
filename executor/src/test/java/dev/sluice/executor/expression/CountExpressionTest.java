package dev.sluice.executor.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

class CountExpressionTest {

    private static final JsonNode INPUT = json("{\"pages\":7,\"half\":2.5,\"none\":null,\"text\":\"7\"}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[range(10)]",
                "[range(0)]",
                "[range(-3)]",
                "${ [ range ( 2 ; 9 ) ] }",
                "[range(9;2)]",
                "[range(9;2;-3)]",
                "[range(0;10;3)]",
                "[range(0;10;-1)]",
                "[range(5;5;0)]",
                "[range(-5;5)]",
                "[range(4294967295;4294967299)]",
                "[range(.pages)]",
                "[range($first; .pages; 2)]",
                "[range(.half)]",
                "[range(0;.half;1)]",
                "[range(3), 9]",
                "[range(3)] + [1]",
                "[range(0,1;3)]"
            })
    void givesWhatTheProgramGives(String program) {
        Expression expression = compile(program);
        Elements elements = expression.elements(INPUT, arguments());

        ArrayNode counted = Json.array();
        IntStream.range(0, elements.size()).forEach(index -> counted.add(elements.get(index)));
        assertThat(Json.text(counted)).isEqualTo(Json.text(expression.evaluate(INPUT, arguments())));
    }

    @Test
    void needsNoRoomForWhatItCounts() {
        Elements elements = compile("[range(2000000000)]").elements(INPUT, arguments());

        assertThat(elements.size()).isEqualTo(2_000_000_000);
        assertThat(elements.get(1_999_999_999).longValue()).isEqualTo(1_999_999_999L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[range(3000000000)]", "[range(0;1;0)]", "[range(.none)]", "[range(.text)]", "3", ".pages"})
    void refusesWhatIsNoFiniteArray(String program) {
        Expression expression = compile(program);

        assertThatThrownBy(() -> expression.elements(INPUT, arguments()))
                .isInstanceOf(ExpressionException.class)
                .satisfies(
                        e -> assertThat(Objects.requireNonNull(e.getMessage())).isNotBlank());
    }

    private static Expression compile(String program) {
        return Expressions.compile(program, Set.of("first"));
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Arguments arguments() {
        return Arguments.NONE.with("first", json("1"));
    }
}
