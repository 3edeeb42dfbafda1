package dev.sluice.executor.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Unfinished;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

final class JsonSchemaTest {

    @Test
    void saysWhereAValueDoesNotConform() throws Exception {
        JsonSchema schema = JsonSchema.compile(json("""
                {"type": "object", "required": ["petId"], "properties": {"petId": {"type": "integer"}}}"""));

        schema.check(json("{\"petId\": 69}"));
        assertThatThrownBy(() -> schema.check(json("{\"petId\": \"sixty-nine\"}")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessage("/petId: string found, integer expected");
        assertThatThrownBy(() -> schema.check(json("{}")))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("petId");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"unevaluatedProperties": false, "allOf": [{"properties": {"a": true}}]} | {"a": 1} | {"a": 1, "b": 2}
                    {"unevaluatedItems": false, "prefixItems": [true]} | [1] | [1, 2]
                    {"$defs": {"n": {"type": "number"}}, "items": {"$ref": "#/$defs/n"}} | [1, 2] | [1, "2"]
                    {"$dynamicAnchor": "n", "properties": {"next": {"$dynamicRef": "#n"}}, "required": ["v"]} | {"v": 1, "next": {"v": 2}} | {"v": 1, "next": {}}
                    {"pattern": "^[a-z]+$"} | "abc" | "abc1"
                    {"patternProperties": {"^n_": {"type": "number"}}} | {"n_a": 1} | {"n_a": "1"}
                    {"if": {"const": 1}, "then": {"type": "string"}, "else": {"type": "number"}} | 2 | 1
                    {"dependentRequired": {"a": ["b"]}} | {"a": 1, "b": 2} | {"a": 1}
                    {"contains": {"const": 1}, "minContains": 2} | [1, 1] | [1, 2]
                    {"enum": ["a", 1, null]} | null | 2
                    {"format": "email"} | "not a mail address" |
                    false | | 1
                    {"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "number"}]} | [1] | ["1"]
                    """)
    void knowsTheWords(String schema, String good, String bad) throws Exception {
        JsonSchema compiled = JsonSchema.compile(json(schema));

        if (good != null) {
            compiled.check(json(good));
        }
        if (bad != null) {
            assertThatThrownBy(() -> compiled.check(json(bad))).isInstanceOf(InvalidValueException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {"properties": {"a": {"type": "objekt"}}} | /properties/a/type
                    {"required": "a"} | /required
                    {"$schema": "https://example.com/mine"} | /$schema
                    {"$ref": "https://example.com/other"} | ``
                    {"$ref": "#/$defs/missing"} | ``
                    {"$ref": "classpath:application.yml"} | ``
                    {"$ref": "resource:application.yml"} | ``
                    {"minLength": 1.0e30} | ``
                    {"pattern": "(unclosed"} | ``
                    [1] | ``
                    """)
    void refusesWhatIsNoSchema(String document, String pointer) throws Exception {
        InvalidSchemaException refusal =
                catchThrowableOfType(InvalidSchemaException.class, () -> JsonSchema.compile(json(document)));

        assertThat(refusal.problems())
                .anySatisfy(problem -> assertThat(problem.pointer()).isEqualTo(pointer));
    }

    /** Each word costs a step, so that none of these goes on for longer than an expression may. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"items\": {\"$ref\": \"#\"}, \"allOf\": [{\"items\": {\"$ref\": \"#\"}}, {\"items\": {\"$ref\": \"#\"}}]}",
                "{\"oneOf\": [{\"items\": {\"$ref\": \"#\"}}, {\"items\": {\"$ref\": \"#\"}}], \"type\": \"array\"}",
                "{\"$ref\": \"#\"}",
                "{\"allOf\": [{\"$ref\": \"#\"}, {\"$ref\": \"#\"}]}",
            })
    void endsWithinTheBoundsOfAnExpression(String schema) throws Exception {
        JsonSchema compiled = JsonSchema.compile(json(schema));
        JsonNode deep = json("[".repeat(60) + "]".repeat(60));

        assertThatThrownBy(() -> compiled.check(deep)).isInstanceOf(ExpressionException.class);
        assertThatThrownBy(() -> Allowance.brief(Allowance.LIMITS, 1_000, 1 << 20, Duration.ofSeconds(1))
                        .during(() -> {
                            compiled.check(deep);
                            return "done";
                        }))
                .isInstanceOfAny(Unfinished.class, ExpressionException.class);
    }

    @Test
    void matchesPatternsWithinTheBoundsToo() throws Exception {
        JsonSchema schema = JsonSchema.compile(json("{\"pattern\": \"^(a+)+$\"}"));
        String hostile = "a".repeat(50_000) + "!";

        assertThatThrownBy(() -> schema.check(Json.string(hostile)))
                .isInstanceOfAny(ExpressionException.class, InvalidValueException.class);
    }

    @Test
    void knowsNothingOfOtherDocuments() throws Exception {
        JsonSchema one = JsonSchema.compile(json("{\"$id\": \"https://example.com/one\", \"type\": \"string\"}"));

        one.check(Json.string("a"));
        assertThatThrownBy(() -> JsonSchema.compile(json("{\"$ref\": \"https://example.com/one\"}")))
                .isInstanceOf(InvalidSchemaException.class);
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
