package dev.sluice.executor.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NewValueTest {

    @ParameterizedTest
    @ValueSource(strings = {"\"text\"", "\"\"", "0", "-1.50", "false", "[]", "{\"id\":\"a\",\"key\":[1,null]}"})
    void isAnyJsonButNull(String value) {
        NewValue read = read("one", "{ \"value\" : " + value + " }");
        assertThat(new String(read.text(), UTF_8)).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "7", "my-oauth2-secret", "A.b_c-D", "a..b"})
    void hasAName(String name) {
        assertThat(read(name, "{\"value\":1}").name()).isEqualTo(name);
        String longest = "n".repeat(63);
        assertThat(read(longest, "{\"value\":1}").name()).isEqualTo(longest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", ".a", "_a", "a b", "a/b", "a:b", "ä", "a\n", "a\0"})
    void hasNoOtherName(String name) {
        assertThat(refusal(name, "{\"value\":1}").violations())
                .extracting(Violation::detail)
                .singleElement()
                .asString()
                .startsWith("The name of a secret has 1 to 63 characters");
        assertThat(refusal("n".repeat(64), "{\"value\":1}").violations()).hasSize(1);
    }

    @Test
    void tellsAllThatIsWrongAtOnce() {
        assertThat(refusal("-", "{\"value\":null,\"a/b\":1,\"c\":2}").violations())
                .extracting(Violation::pointer)
                .containsExactly("", "/value", "/a~1b", "/c");
        assertThat(refusal("one", "{}").violations())
                .extracting(Violation::pointer)
                .containsExactly("/value");
        assertThat(refusal("one", "[1]").violations())
                .extracting(Violation::detail)
                .containsExactly("A JSON object is expected.");
        assertThat(refusal("one", "{" + "\"x%d\":0,".repeat(99).formatted((Object[]) numbers()) + "\"value\":1}")
                        .violations())
                .hasSize(20);
    }

    @Test
    void hasAtMost64KilobytesHoweverItIsWritten() {
        String most = "x".repeat(NewValue.MAX_BYTES - 2);
        assertThat(read("one", "{\"value\":\"" + most + "\"}").text()).hasSize(NewValue.MAX_BYTES);
        assertThat(read("one", "{\"value\":\"" + "\\u0078".repeat(most.length()) + "\"}")
                        .text())
                .hasSize(NewValue.MAX_BYTES);
        assertThat(refusal("one", "{\"value\":\"" + most + "y\"}").violations())
                .extracting(Violation::pointer)
                .containsExactly("/value");
    }

    /** Whatever is taken can be read again. */
    @ParameterizedTest
    @ValueSource(
            strings = {"\"\\ud800\"", "\"\\udc00x\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "1E+999999999", "\"\u2028\""
            })
    void isReadAsItWasWritten(String value) {
        NewValue read = read("one", "{\"value\":" + value + "}");
        assertThat(Json.trusted(read.text())).isEqualTo(Json.read(value.getBytes(UTF_8)));
    }

    /** What is no JSON may be the secret itself, sent without its object. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3cret",
                "'s3cret'",
                "{\"value\":s3cret}",
                "{\"s3cret\":1,\"s3cret\":1}",
                "\"s3cret",
                "{\"value\":\"\ns3cret\"}"
            })
    void quotesNothingOfWhatItCannotRead(String body) {
        SluiceException refusal = refusal("one", body);
        assertThat(refusal.getMessage()).doesNotContain("s3cret");
        assertThat(refusal.getCause()).isNull();
        assertThat(refusal.violations()).hasSize(1).allSatisfy(violation -> {
            assertThat(violation.toString()).doesNotContain("s3cret");
            assertThat(violation.line()).isPositive();
        });
    }

    @Test
    void quotesNothingOfAValueThatIsNoObject() {
        assertThat(refusal("one", "\"s3cret\"").violations().toString()).doesNotContain("s3cret");
        assertThat(read("one", "{\"value\":\"s3cret\"}").toString()).isEqualTo("NewValue[name=one]");
    }

    private static Integer[] numbers() {
        Integer[] numbers = new Integer[99];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i;
        }
        return numbers;
    }

    private static NewValue read(String name, String body) {
        return NewValue.of(name, body.getBytes(UTF_8));
    }

    private static SluiceException refusal(String name, String body) {
        return catchThrowableOfType(SluiceException.class, () -> read(name, body));
    }
}
