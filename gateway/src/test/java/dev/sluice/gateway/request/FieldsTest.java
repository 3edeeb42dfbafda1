package dev.sluice.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

final class FieldsTest {

    @Test
    void readsWhatIsThere() {
        Fields fields = fields("{\"name\":\"a\",\"kind\":\"x\"}");
        assertThat(fields.text("name", 1, 5)).isEqualTo("a");
        assertThat(fields.oneOf("kind", List.of("x", "y"), Function.identity())).contains("x");
        assertThat(fields.optionalText("other", 1, 5)).isEmpty();
        fields.finish();
    }

    @Test
    void namesAllProblemsAtOnce() {
        Fields fields = fields("{\"name\":7,\"kind\":\"z\",\"a/b~c\":1,\"long\":\"abcdef\"}");
        assertThat(fields.text("name", 1, 5)).isEmpty();
        assertThat(fields.text("missing", 1, 5)).isEmpty();
        assertThat(fields.text("long", 1, 5)).isEmpty();
        assertThat(fields.oneOf("kind", List.of("x", "y"), Function.identity())).isEmpty();
        assertThatThrownBy(fields::finish)
                .asInstanceOf(InstanceOfAssertFactories.type(SluiceException.class))
                .extracting(SluiceException::violations)
                .asInstanceOf(InstanceOfAssertFactories.list(Violation.class))
                .extracting(Violation::pointer)
                .containsExactly("/name", "/missing", "/long", "/kind", "/a~1b~0c");
    }

    @Test
    void wantsAnObject() {
        Fields fields = fields("[1]");
        assertThat(fields.text("name", 1, 5)).isEmpty();
        assertThatThrownBy(fields::finish)
                .asInstanceOf(InstanceOfAssertFactories.type(SluiceException.class))
                .extracting(SluiceException::violations)
                .isEqualTo(List.of(Violation.at("", "A JSON object is expected.")));
    }

    private static Fields fields(String json) {
        return new Fields(Json.read(json.getBytes(StandardCharsets.UTF_8)));
    }
}
