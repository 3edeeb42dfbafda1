package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.HEAD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions for addresses that read nothing of a run: what they give is known when the workflow is deployed. */
final class ConstantAddressesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "${ 5 }                   | must be an address, and the expression always gives a number",
                "${ null }                | must be an address, and the expression always gives nothing",
                "${ [\"https://x\"] }     | must be an address, and the expression always gives a list",
                "${ \"ftp://x.example\" } | must be an absolute http or https URI",
                "${ \"orders\" }          | must be an absolute http or https URI",
                "${ \"https://a b\" }     | not a valid URI: Illegal character in authority"
            })
    void thatAreNoneAreRefused(String expression, String reason) {
        for (String call : List.of(
                "call: http, with: { method: get, endpoint: 'ADDRESS' }",
                "call: http, with: { method: get, endpoint: { uri: 'ADDRESS' } }",
                "call: openapi, with: { operationId: a, document: { endpoint: 'ADDRESS' } }",
                "call: openapi, with: { operationId: a, document: { endpoint: { uri: 'ADDRESS' } } }")) {
            assertThat(violations(call.replace("ADDRESS", expression)))
                    .as(call)
                    .singleElement()
                    .asString()
                    .contains("/endpoint", reason);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${ \"https://x.example\" }",
                "${ \"https://\" + \"x.example\" }",
                "${ .where }",
                "${ 5 | tostring }",
                "${ .where | 5 }"
            })
    void thatMayBeOneAreTaken(String expression) {
        assertThat(violations("call: http, with: { method: get, endpoint: '" + expression + "' }"))
                .isEmpty();
    }

    private static List<String> violations(String call) {
        return Documents.violations(HEAD + "do: [ a: { " + call + " } ]", Format.YAML);
    }
}
