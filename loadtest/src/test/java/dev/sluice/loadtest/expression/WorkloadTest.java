package dev.sluice.loadtest.expression;

import static org.assertj.core.api.Assertions.assertThat;

import net.thisptr.jackson.jq.exception.JsonQueryException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

final class WorkloadTest {

    /** Else the table would compare what cannot be compared. */
    @ParameterizedTest
    @EnumSource
    void allGiveTheSame(Workload workload) throws JsonQueryException {
        JsonNode input = workload.input();
        JsonNode ours = new Evaluator(workload.program()).first(input);
        JsonNode theirs = Trees.toOurs(new JacksonJq(workload.program()).last(Trees.toTheirs(input)));
        assertThat(ours).isEqualTo(theirs).isEqualTo(ByHand.of(workload, input));
        assertThat(input).isEqualTo(workload.input());
    }

    @Test
    void programsDoWhatTheirTitlesSay() {
        assertThat(result(Workload.FIELD_PATH).stringValue()).isEqualTo("London");
        assertThat(result(Workload.MAPPING)).hasSize(10).noneMatch(JsonNode::isNull);
        assertThat(result(Workload.MAP_SELECT)).hasSize(399);
        assertThat(result(Workload.GROUP_BY)).hasSize(7);
        assertThat(result(Workload.INTERPOLATION).stringValue())
                .isEqualTo("Order A-20417 of Ada Lovelace to London: 1299 EUR");
        assertThat(result(Workload.TO_ENTRIES)).hasSize(100);
        assertThat(result(Workload.REDUCE).intValue()).isEqualTo(49_995_000);
    }

    private static JsonNode result(Workload workload) {
        return new Evaluator(workload.program()).first(workload.input());
    }
}
