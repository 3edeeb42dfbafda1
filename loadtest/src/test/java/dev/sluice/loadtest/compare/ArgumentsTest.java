package dev.sluice.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {

    private static final Set<String> KNOWN = Set.of("--seconds", "--folder");

    @Test
    void readsBothForms() {
        Arguments given = Arguments.parse(List.of("--seconds", "3", "--folder=/a=b"), KNOWN, "");
        assertThat(given.number("--seconds", 8, 10)).isEqualTo(3);
        assertThat(given.path("--folder", Path.of("x"))).isEqualTo(Path.of("/a=b"));
        Arguments none = Arguments.parse(List.of(), KNOWN, "");
        assertThat(none.number("--seconds", 8, 10)).isEqualTo(8);
        assertThat(none.path("--folder", Path.of("x"))).isEqualTo(Path.of("x").toAbsolutePath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--unknown=1", "--seconds", "seconds=1"})
    void refusesWhatItDoesNotKnow(String argument) {
        assertThatExceptionOfType(CompareFailure.class)
                .isThrownBy(() -> Arguments.parse(List.of(argument), KNOWN, "--seconds N"))
                .withMessageContaining("expected: --seconds N");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "11", "-1", "x", ""})
    void refusesNumbersOutOfBounds(String number) {
        Arguments given = Arguments.parse(List.of("--seconds=" + number), KNOWN, "");
        assertThatExceptionOfType(CompareFailure.class)
                .isThrownBy(() -> given.number("--seconds", 8, 10))
                .withMessageContaining("--seconds");
    }
}
