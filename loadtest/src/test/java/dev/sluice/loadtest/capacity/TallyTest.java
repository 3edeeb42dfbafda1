package dev.sluice.loadtest.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void isExactWhenEachAcceptedNumberCompletedOnce() {
        assertThat(Tally.of(numbers(1, 2, 3), numbers(), List.of(3, 1, 2)).exact())
                .isTrue();
    }

    @Test
    void takesAnUnansweredNumberEitherWay() {
        assertThat(Tally.of(numbers(1), numbers(2), List.of(1)).exact()).isTrue();
        assertThat(Tally.of(numbers(1), numbers(2), List.of(1, 2)).exact()).isTrue();
    }

    @Test
    void countsWhatIsMissingRepeatedAndStrange() {
        Tally tally = Tally.of(numbers(1, 2, 3), numbers(4), List.of(1, 1, 4, 4, 9));

        assertThat(tally).isEqualTo(new Tally(3, 5, 2, 2, 1, 1));
        assertThat(tally.exact()).isFalse();
    }

    private static BitSet numbers(int... numbers) {
        BitSet set = new BitSet();
        Arrays.stream(numbers).forEach(set::set);
        return set;
    }
}
