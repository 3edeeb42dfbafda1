package dev.sluice.executor.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What is the same for all runs, and what is not taken for it. */
final class ConstantsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "${ \"https://a\" } | https://a",
                "${ \"https://\" + \"a\" } | https://a",
                "${ \"https://\\(\"a\" + \"b\")/\" } | https://ab/",
                "${ 1 + 2 * 3 } | 7"
            })
    void areKnownAtOnce(String text, String value) {
        assertThat(Expressions.constant(text).map(JsonNode::asString)).hasValue(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://a",
                "${ . }",
                "${ .a // \"b\" }",
                "${ $secrets.a }",
                "${ now }",
                "${ \"a\" + .b }",
                "${ \"a\\(.b)\" }",
                "${ \"a\" * 1000000000 }",
                "${ \"a\" - 1 }",
                "${ \"a\" | error }",
                "${ [] }",
                "${ ( }"
            })
    void othersAreNot(String text) {
        assertThat(Expressions.constant(text)).isEmpty();
    }

    @Test
    void whatReadsCertainValuesAloneIsTold() {
        Set<String> secrets = Set.of("secrets");

        assertThat(Expressions.readsOnly("${ \"Bearer \" + $secrets.a[\"b\"] }", secrets))
                .isTrue();
        assertThat(Expressions.readsOnly("${ $secrets.a + .b }", secrets)).isFalse();
        assertThat(Expressions.readsOnly("${ $secrets[.b] }", secrets)).isFalse();
        assertThat(Expressions.readsOnly("${ $context.a }", secrets)).isFalse();
        assertThat(Expressions.readsOnly("plain", secrets)).isFalse();
    }
}
