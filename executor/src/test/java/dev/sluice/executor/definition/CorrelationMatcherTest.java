package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Correlations of events that start a run by themselves. */
final class CorrelationMatcherTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{ from: .data.id }                 | {\"id\":7}          | taken",
                "{ from: .data.id }                 | {\"id\":false}      | taken",
                "{ from: .data.id }                 | {}                  | correlation 'a' has no value",
                "{ from: '${ error(.data.id) }' }    | {\"id\":7}          | correlation 'a' has no value: 7",
                "{ from: .data.id, expect: seven }  | {\"id\":\"seven\"}  | taken",
                "{ from: .data.id, expect: seven }  | {\"id\":\"eight\"}  | correlation 'a' is 'eight', expected 'seven'",
                "{ from: .data.id, expect: 7 }      | {\"id\":7.0}        | taken"
            })
    void takesAnEventWithTheValue(String correlation, String data, String outcome) {
        String on = "{ one: { with: { type: t }, correlate: { a: CORRELATION } } }".replace("CORRELATION", correlation);
        for (String schedule : new String[] {on, "{ any: [" + on.substring(6, on.length() - 1) + "] }"}) {
            EventFilter filter = Documents.yaml(
                            Documents.HEAD + "schedule: { on: " + schedule + " }\ndo: [ a: { set: { x: 1 } } ]\n")
                    .triggers()
                    .getFirst();
            String event = "{\"type\":\"t\",\"data\":" + data + "}";
            assertThat(filter.mismatch(Json.read(event.getBytes(StandardCharsets.UTF_8)))
                            .orElse("taken"))
                    .startsWith(outcome);
            assertThat(filter.type()).isEqualTo("t");
            assertThat(filter.correlations()).isEmpty();
        }
    }

    @Test
    void hasNoRunToLookAt() {
        assertThat(Documents.violations(
                        Documents.HEAD
                                + "schedule: { on: { one: { with: { type: t }, correlate: { a: { from: .x, expect: '${ .y }' } } } } }\n"
                                + "do: [ a: { set: { x: 1 } } ]\n",
                        WorkflowDocuments.Format.YAML))
                .singleElement()
                .asString()
                .endsWith("must be a constant: there is no run yet that an expression could look at");
    }
}
