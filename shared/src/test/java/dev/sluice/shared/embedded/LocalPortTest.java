package dev.sluice.shared.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LocalPortTest {

    @Test
    void givesEachPortOnceAndNoneThatKernelsHandOut() {
        List<Integer> given =
                IntStream.range(0, 300).mapToObj(index -> LocalPort.free()).toList();

        assertThat(given)
                .doesNotHaveDuplicates()
                .allSatisfy(port -> assertThat(port).isBetween(20_000, 32_767));
    }
}
