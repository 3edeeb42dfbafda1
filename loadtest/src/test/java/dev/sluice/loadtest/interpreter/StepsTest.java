package dev.sluice.loadtest.interpreter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StepsTest {

    /** Else the table would compare what cannot be compared. */
    @Test
    void giveTheSameOnBothEngines() throws Exception {
        try (SluiceEngine sluice = new SluiceEngine(Steps.document());
                ReferenceEngine reference = new ReferenceEngine(Steps.document())) {
            for (int n : new int[] {0, 7}) {
                int expected = n + Steps.PAIRS;
                assertThat(Json.text(sluice.run(n))).isEqualTo("{\"n\":%d,\"name\":\"item\"}", expected);
                assertThat(reference.run(n)).isEqualTo(Map.of("n", expected, "name", "item"));
            }
        }
    }
}
