package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Descriptions of APIs in several files. */
final class ReferredDocumentsTest {

    private static final String MAIN = """
            {"openapi":"3.1.0","servers":[{"url":"https://api.example"}],"paths":{
              "/orders/{id}":{"$ref":"paths/orders.yaml#/~1orders~1{id}"},
              "/elsewhere":{"$ref":"https://other.example/all.json#/elsewhere"}}}""";

    private final RemoteDocuments remote = new RemoteDocuments();

    @Test
    void areReadTogether() {
        assertThat(read()).isEmpty();
        assertThat(asked()).containsExactly("https://docs.example/api/openapi.json with authentication");
        put("https://docs.example/api/openapi.json", MAIN);
        assertThat(read()).isEmpty();
        assertThat(asked())
                .containsExactly(
                        "https://docs.example/api/paths/orders.yaml with authentication",
                        "https://other.example/all.json");
        put("https://other.example/all.json", "{\"elsewhere\":{}}");
        put("https://docs.example/api/paths/orders.yaml", """
                /orders/{id}:
                  parameters: [ { $ref: '../common.yaml#/id' } ]
                  get: { operationId: get, requestBody: { $ref: '#/body' } }
                body: { content: { application/json: {} } }
                """);
        assertThat(read()).isEmpty();
        assertThat(asked()).containsExactly("https://docs.example/api/common.yaml with authentication");
        put(
                "https://docs.example/api/common.yaml",
                "id: { name: id, in: path, required: true, schema: { type: string } }");

        HttpCall call = (HttpCall) ((Task.MakeCall) compiled().tasks().tasks().getFirst()).call();
        JsonNode request = Objects.requireNonNull(call.arguments()).evaluate(Json.object(), Arguments.NONE);
        assertThat(call.uri().evaluate(request, Arguments.NONE).asString())
                .isEqualTo("https://api.example/orders/a%2Fb");
        assertThat(Json.text(Objects.requireNonNull(call.body()).evaluate(request, Arguments.NONE)))
                .isEqualTo("{\"x\":2}");
        assertThat(remote.missing()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "file:///etc/passwd      | it refers to 'file:///etc/passwd', which is no absolute http or https URI",
                "a b                     | 'a b' is no reference",
                "gone.json               | it refers to https://docs.example/api/gone.json, which cannot be fetched: status 404",
                "there.json#/none        | 'there.json#/none' leads nowhere",
                "there.json#none         | 'there.json#none' leads nowhere",
                "there.json#/circle      | '#/circle' leads in a circle",
                "there.json#/back        | 'there.json#/back' leads in a circle",
                "broken.json             | it refers to https://docs.example/api/broken.json, which is neither JSON nor YAML"
            })
    void thatCannotBeUsedAreRefused(String reference, String reason) {
        put("https://docs.example/api/openapi.json", """
                {"openapi":"3.1.0","paths":{"/a":{"$ref":"REFERENCE"}}}""".replace("REFERENCE", reference));
        put("https://docs.example/api/there.json", """
                {"circle":{"$ref":"#/circle"},"back":{"$ref":"openapi.json#/paths/~1a"}}""");
        put("https://docs.example/api/broken.json", "{");
        remote.fail(URI.create("https://docs.example/api/gone.json"), "status 404");
        assertThat(read()).isEqualTo("cannot be used: %s", reason);
    }

    private void put(String uri, String content) {
        remote.put(URI.create(uri), content.getBytes(StandardCharsets.UTF_8));
    }

    private Collection<String> asked() {
        return remote.missing().stream().map(ReferredDocumentsTest::described).toList();
    }

    private static String described(Reference reference) {
        return reference.uri() + (reference.authentication() == null ? "" : " with authentication");
    }

    /** What is wrong; nothing while something is missing. */
    private String read() {
        try {
            var _ = compiled();
            return "";
        } catch (SluiceException e) {
            return e.violations().getFirst().detail();
        }
    }

    private Workflow compiled() {
        String document = Documents.HEAD + """
                do:
                  - a:
                      call: openapi
                      with:
                        document:
                          endpoint:
                            uri: https://docs.example/api/openapi.json
                            authentication: { bearer: { token: t } }
                        operationId: get
                        parameters: { id: a/b, x: 2 }
                """;
        return WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML, remote);
    }
}
