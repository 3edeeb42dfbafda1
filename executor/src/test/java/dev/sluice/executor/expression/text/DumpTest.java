package dev.sluice.executor.expression.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DumpTest {

    @Test
    void cutsValuesWhereJqDoes() {
        Map<String, String> cuts = Map.ofEntries(
                Map.entry("\"123456789012\"", "\"123456789012\""),
                Map.entry("\"1234567890123\"", "\"1234567890..."),
                Map.entry("\"☆☆☆☆☆☆☆☆\"", "\"☆☆☆..."),
                Map.entry("\"xx☆☆☆☆☆☆\"", "\"xx☆☆..."),
                Map.entry("\"xxxxxx☆☆☆☆☆\"", "\"xxxxxx☆..."),
                Map.entry("\"xxxxxxxx☆☆☆☆☆\"", "\"xxxxxxxx..."),
                Map.entry("\"xxxxxxxxxx☆☆☆\"", "\"xxxxxxxxxx..."),
                Map.entry("[12345678901234567]", "[1234567890..."),
                Map.entry("{\"aaaaaaaaaaaaaaaaaa\":1}", "{\"aaaaaaaaa..."),
                Map.entry("[0,1,2,3,4,5,6,7]", "[0,1,2,3,4,..."),
                Map.entry("[0,1,2,3,4,5]", "[0,1,2,3,4,5]"));
        cuts.forEach((value, cut) -> assertThat(Dump.shortened(JsonTextTest.json(value)))
                .describedAs(value)
                .isEqualTo(cut));
    }

    @Test
    void cutsValuesOfPathsLater() {
        assertThat(Dump.excerpt(JsonTextTest.json("[1,2,3,4,5,6,7,8,9,10,11,12,13,14]")))
                .isEqualTo("[1,2,3,4,5,6,7,8,9,10,11,1...");
        assertThat(Dump.excerpt(JsonTextTest.json("[1,2,3,4,5,6,7,8,9,10,11]"))).isEqualTo("[1,2,3,4,5,6,7,8,9,10,11]");
    }

    @Test
    void takesBoundedTime() {
        assertThat(Dump.shortened(JsonTextTest.shared(60))).isEqualTo("[[[[[[[[[[[...");
        assertThat(Dump.shortened(Json.string("z".repeat(10_000_000)))).isEqualTo("\"zzzzzzzzzz...");
    }

    @Test
    void namesKinds() {
        Map.of(
                        "null", "null (null)",
                        "true", "boolean (true)",
                        "1.0", "number (1.0)",
                        "\"a\"", "string (\"a\")",
                        "[1]", "array ([1])",
                        "{}", "object ({})")
                .forEach((value, described) ->
                        assertThat(Dump.described(JsonTextTest.json(value))).isEqualTo(described));
    }
}
