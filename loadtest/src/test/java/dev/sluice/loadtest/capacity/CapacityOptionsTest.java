package dev.sluice.loadtest.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapacityOptionsTest {

    @Test
    void takesAllScenariosAndDefaultsWhenNothingIsGiven() {
        CapacityOptions options = CapacityOptions.parse(List.of());

        assertThat(options.scenarios()).isEqualTo(Scenarios.NAMES);
        assertThat(options.number("--count", 7, 10)).isEqualTo(7);
        assertThat(options.duration("--spread", Duration.ofMinutes(15))).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void readsNamesAndOptionsInAnyOrderAndBothForms() {
        CapacityOptions options = CapacityOptions.parse(
                List.of("burst", "--count", "200", "waiting", "--spread=90s", "--restart=kill", "--heap=2g"));

        assertThat(options.scenarios()).containsExactly("burst", "waiting");
        assertThat(options.number("--count", 7, 1_000)).isEqualTo(200);
        assertThat(options.duration("--spread", Duration.ZERO)).isEqualTo(Duration.ofSeconds(90));
        assertThat(options.word("--restart", "term", Set.of("term", "kill"))).isEqualTo("kill");
        assertThat(options.heap("--heap", "1g")).isEqualTo("2g");
    }

    @Test
    void refusesWhatItDoesNotKnowAndSaysWhatItExpects() {
        assertThatThrownBy(() -> CapacityOptions.parse(List.of("nothing")))
                .isInstanceOf(CapacityFailure.class)
                .hasMessageContaining("waiting, in-flight, burst");
        assertThatThrownBy(() -> CapacityOptions.parse(List.of("--count"))).isInstanceOf(CapacityFailure.class);
    }

    @Test
    void refusesAnOptionThatNoneOfTheScenariosHas() {
        assertThatThrownBy(() -> CapacityOptions.parse(List.of("burst", "--spread=90s")))
                .isInstanceOf(CapacityFailure.class)
                .hasMessageContaining("--spread is no option of burst")
                .hasMessageContaining("--count, --data");
    }

    @Test
    void refusesValuesOutOfBounds() {
        CapacityOptions options =
                CapacityOptions.parse(List.of("--count=0", "--spread=soon", "--restart=never", "--heap=2"));

        assertThatThrownBy(() -> options.number("--count", 1, 10)).hasMessageContaining("expected: 1 to 10");
        assertThatThrownBy(() -> options.duration("--spread", Duration.ZERO)).hasMessageContaining("soon");
        assertThatThrownBy(() -> options.word("--restart", "term", Set.of("kill", "term")))
                .hasMessageContaining("kill, term");
        assertThatThrownBy(() -> options.heap("--heap", "1g")).hasMessageContaining("such as 512m or 2g");
    }
}
