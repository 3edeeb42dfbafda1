package dev.sluice.loadtest.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.loadtest.compare.CompareFailure;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExpressionOptionsTest {

    @Test
    void measuresAllWorkloadsUnlessSomeAreChosen() {
        assertThat(ExpressionOptions.parse(List.of()))
                .isEqualTo(new ExpressionOptions(List.of(Workload.values()), new Measurement(3, 8, 8, 250)));
        assertThat(ExpressionOptions.parse(List.of("--workloads", "reduce,field-path", "--forks=1", "--millis=100")))
                .isEqualTo(new ExpressionOptions(
                        List.of(Workload.REDUCE, Workload.FIELD_PATH), new Measurement(1, 8, 8, 100)));
    }

    @Test
    void namesWhatItDoesNotKnow() {
        assertThatThrownBy(() -> ExpressionOptions.parse(List.of("--workloads=reduce,sort")))
                .isInstanceOf(CompareFailure.class)
                .hasMessageStartingWith("Unknown workload 'sort' (expected: some of field-path,mapping,map-select,");
        assertThatThrownBy(() -> ExpressionOptions.parse(List.of("--forks=0")))
                .isInstanceOf(CompareFailure.class)
                .hasMessage("--forks is out of bounds: 0 (expected: 1 to 20).");
    }
}
