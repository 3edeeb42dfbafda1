package dev.sluice.executor.expression.value;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

final class JqExceptionTest {

    @Test
    void showsStringsAsTheyAre() {
        JqException error = new JqException("Cannot index number with \"a\"\n");
        assertThat(error).hasMessage("Cannot index number with \"a\"\n").hasNoCause();
        assertThat(error.value()).isEqualTo(Json.string("Cannot index number with \"a\"\n"));
        assertThat(error.getStackTrace()).isEmpty();
    }

    @Test
    void tellsOtherValuesFromStrings() {
        assertThat(new JqException(Json.object().put("a", 1))).hasMessage("{\"a\":1} (not a string)");
        assertThat(new JqException(JsonNodeFactory.instance.nullNode())).hasMessage("null (not a string)");
    }

    @Test
    void showsTheBeginningOfAnEndlessValue() {
        JsonNode value = Json.string("a");
        for (int i = 0; i < 60; i++) {
            value = Json.array().add(value).add(value);
        }
        assertThat(new JqException(value).getMessage())
                .startsWith("[[[[")
                .endsWith("... (not a string)")
                .hasSizeLessThan(3_000);
    }
}
