package dev.sluice.executor.expression.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.expression.limit.LimitException;
import dev.sluice.executor.expression.limit.TestBudgets;
import dev.sluice.executor.expression.value.JqException;
import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

final class FormatsTest {

    /** Format, value, text; as jq 1.8.1 gives them, but for base 32. */
    private static final List<Case> CASES = List.of(
            new Case("text", "\"a\\\"b\"", "a\"b"),
            new Case("text", "[1.10,\"a\"]", "[1.10,\"a\"]"),
            new Case("json", "\"!()<>&'\\\"\\t\"", "\"!()<>&'\\\"\\t\""),
            new Case("csv", "[1,\"!()<>&'\\\"\\t\"]", "1,\"!()<>&'\"\"\t\""),
            new Case(
                    "csv",
                    "[1.10,1E+1000,\"a,b\",\"q\\\"q\",null,true,false,\"\\u0000\"]",
                    "1.10,1E+1000,\"a,b\",\"q\"\"q\",,true,false,\"\\0\""),
            new Case("csv", "[]", ""),
            new Case("csv", "[null,null]", ","),
            new Case("tsv", "[1,\"a\\u0000\\t\\r\\n\\\\\\\"b\",null,true]", "1\ta\\0\\t\\r\\n\\\\\"b\t\ttrue"),
            new Case("html", "\"!()<>&'\\\"\\t\"", "!()&lt;&gt;&amp;&apos;&quot;\t"),
            new Case("html", "[1,\"<&\"]", "[1,&quot;&lt;&amp;&quot;]"),
            new Case("uri", "\"é€😀 ~-_.!AZaz09/\"", "%C3%A9%E2%82%AC%F0%9F%98%80%20~-_.%21AZaz09%2F"),
            new Case("uri", "{\"a\":1}", "%7B%22a%22%3A1%7D"),
            new Case("urid", "\"%41+%e2%82%AC%00é\"", "A+€\0é"),
            new Case("sh", "[1,null,true,\"a'b\"]", "1 null true 'a'\\''b'"),
            new Case("sh", "\"O'Hara's Ale\"", "'O'\\''Hara'\\''s Ale'"),
            new Case("sh", "1.50", "1.50"),
            new Case("sh", "[]", ""),
            new Case("base64", "\"!()<>&'\\\"\\t\"", "ISgpPD4mJyIJ"),
            new Case("base64", "\"foóbar\\n\"", "Zm/Ds2Jhcgo="),
            new Case("base64", "\"\"", ""),
            new Case("base64", "\"a\"", "YQ=="),
            new Case("base64", "null", "bnVsbA=="),
            new Case("base64d", "\"Zm/Ds2Jhcgo=\"", "foóbar\n"),
            new Case("base64d", "\"YQ\"", "a"),
            new Case("base64d", "\"YWI\"", "ab"),
            new Case("base64d", "\"YQ==YQ==\"", "a"),
            new Case("base64d", "\"=\"", ""),
            new Case("base64d", "\"\"", ""),
            new Case("base64d", "\"/w==\"", "\ufffd"),
            new Case("base64d", "\"gICA\"", "\ufffd\ufffd\ufffd"),
            new Case("base64d", "\"4piG4pg=\"", "☆\ufffd"),
            new Case("base32", "\"This is a message\"", "KRUGS4ZANFZSAYJANVSXG43BM5SQ===="),
            new Case("base32", "\"\"", ""),
            new Case("base32d", "\"KRUGS4ZANFZSAYJANVSXG43BM5SQ====\"", "This is a message"),
            new Case("base32d", "\"ME\"", "a"));

    private static final List<Case> REFUSALS = List.of(
            new Case("csv", "{\"a\":1}", "object ({\"a\":1}) cannot be csv-formatted, only array"),
            new Case("tsv", "1", "number (1) cannot be tsv-formatted, only array"),
            new Case("csv", "[[1]]", "array ([1]) is not valid in a csv row"),
            new Case("tsv", "[1,{}]", "object ({}) is not valid in a csv row"),
            new Case("sh", "[{\"a\":[1,2,3,4,5]}]", "object ({\"a\":[1,2,3...) can not be escaped for shell"),
            new Case("sh", "{}", "object ({}) can not be escaped for shell"),
            new Case("sh", "[[1]]", "array ([1]) can not be escaped for shell"),
            new Case("base64d", "\"abc?\"", "string (\"abc?\") is not valid base64 data"),
            new Case("base64d", "\"YW Jj\"", "string (\"YW Jj\") is not valid base64 data"),
            new Case("base64d", "\"-_\"", "string (\"-_\") is not valid base64 data"),
            new Case("base64d", "\"é\"", "string (\"é\") is not valid base64 data"),
            new Case("base64d", "\"YWJjZ\"", "string (\"YWJjZ\") trailing base64 byte found"),
            new Case("base64d", "[[1,\"a\"]]", "string (\"[[1,\\\"a\\\"]]\") is not valid base64 data"),
            new Case("base32d", "\"a\"", "string (\"a\") is not valid base32 data"),
            new Case("base32d", "\"MEA\"", "string (\"MEA\") trailing base32 byte found"),
            new Case("urid", "\"%\"", "string (\"%\") is not a valid uri encoding"),
            new Case("urid", "\"%4\"", "string (\"%4\") is not a valid uri encoding"),
            new Case("urid", "\"%zz\"", "string (\"%zz\") is not a valid uri encoding"),
            new Case("urid", "\"%E2%82\"", "string (\"%E2%82\") is not a valid uri encoding"),
            new Case("urid", "\"%C0%80\"", "string (\"%C0%80\") is not a valid uri encoding"),
            new Case("urid", "\"%ED%A0%80\"", "string (\"%ED%A0%80\") is not a valid uri encoding"),
            new Case("foo", "1", "foo is not a valid format"));

    @Test
    void formatsAsJqDoes() {
        for (Case c : CASES) {
            assertThat(apply(c.format, json(c.value))).describedAs("%s", c).isEqualTo(c.expected);
            assertThat(Formats.exists(c.format)).isTrue();
        }
    }

    @Test
    void refusesInTheWordsOfJq() {
        for (Case c : REFUSALS) {
            assertThatExceptionOfType(JqException.class)
                    .isThrownBy(() -> apply(c.format, json(c.value)))
                    .withMessage(c.expected);
        }
        assertThat(Formats.exists("foo")).isFalse();
    }

    @Test
    void leavesOutNumbersThatAreNone() {
        JsonNode row = Json.array().add(Double.NaN).add(1.5).add(Double.POSITIVE_INFINITY);
        assertThat(apply("csv", row)).isEqualTo(",1.5,1.7976931348623157e+308");
        assertThat(apply("sh", row)).isEqualTo("null 1.5 1.7976931348623157e+308");
    }

    @Test
    void decodesWhatItEncoded() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            String text = random.ints(random.nextInt(20), 0, 0xd800)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            for (String format : List.of("base64", "base32", "uri")) {
                JsonNode encoded = Json.string(apply(format, Json.string(text)));
                assertThat(apply(format + "d", encoded))
                        .describedAs("seed %d, %s", seed, format)
                        .isEqualTo(text);
            }
        }
    }

    @Test
    void encodesAsTheJdkDoes() {
        for (int length = 0; length < 20; length++) {
            String text = "abcdefghijklmnopqrst".substring(0, length);
            assertThat(apply("base64", Json.string(text)))
                    .isEqualTo(java.util.Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void isMetered() {
        JsonNode large = Json.array().add("\"".repeat(10_000));
        for (String format : List.of("text", "json", "csv", "tsv", "html", "uri", "sh", "base64", "base32")) {
            assertThatThrownBy(() -> Formats.apply(format, large, TestBudgets.of(1_000_000, 15_000)))
                    .describedAs(format)
                    .isInstanceOf(LimitException.class);
            assertThatThrownBy(() -> Formats.apply(format, large, TestBudgets.of(500, 1L << 40)))
                    .describedAs(format)
                    .isInstanceOf(LimitException.class);
        }
        JsonNode encoded = JsonNodeFactory.instance.stringNode("A".repeat(10_000));
        for (String format : List.of("base64d", "base32d", "urid")) {
            assertThatThrownBy(() -> Formats.apply(format, encoded, TestBudgets.of(1_000_000, 15_000)))
                    .describedAs(format)
                    .isInstanceOf(LimitException.class);
        }
    }

    private static String apply(String format, JsonNode value) {
        return Formats.apply(format, value, TestBudgets.ample());
    }

    private static JsonNode json(String text) {
        return Json.read(text.getBytes(StandardCharsets.UTF_8));
    }

    private record Case(String format, String value, String expected) {}
}
