package dev.sluice.gateway.person;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EmailTest {

    @Test
    void isTheSameHoweverItIsWritten() {
        assertThat(Email.of(" Ada@Example.COM ")).contains(new Email("ada@example.com"));
        assertThat(Email.of("ada@example.com").orElseThrow().local()).isEqualTo("ada");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "@", "ada", "ada@", "@example.com", "a@b@c", "a b@example.com", "a@exam ple.com", "a\u0000@b"
            })
    void isNoneWithoutTheForm(String text) {
        assertThat(Email.of(text)).isEmpty();
    }

    @Test
    void hasABound() {
        assertThat(Email.of("a@" + "b".repeat(252))).isPresent();
        assertThat(Email.of("a@" + "b".repeat(253))).isEmpty();
    }
}
