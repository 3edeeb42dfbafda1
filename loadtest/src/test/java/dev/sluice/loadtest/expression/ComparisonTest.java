package dev.sluice.loadtest.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ComparisonTest {

    @Test
    void saysHowManyTimesFasterAndWhetherThatIsEnough() {
        Measured sluice = new Measured(80, 50, 120);
        Measured clock = new Measured(81, 150, 400);
        Measured slow = new Measured(5_000, 2_500, 1_000);
        assertThat(Comparison.table(List.of(
                        new Comparison(Workload.REDUCE, sluice, clock, slow, new Measured(20, 25, 0)),
                        new Comparison(Workload.MAPPING, sluice, new Measured(900, 499, 1), slow, clock))))
                .contains("Sluice                | 80 ns  | 50 ns  | 120   |       |")
                .contains("81 ns  | 150 ns | 400   | 3.0   | 3: reached")
                .contains("20 ns  | 25 ns  | 0     | 0.5   |")
                .contains("5.0 µs | 2.5 µs | 1000  | 50.0  | 3: reached")
                .contains("900 ns | 499 ns | 1     | 10.0  | 10: missed");
    }
}
