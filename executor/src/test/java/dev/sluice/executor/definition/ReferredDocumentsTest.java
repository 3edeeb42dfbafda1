package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.schema.InvalidValueException;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Descriptions of APIs in several files. */
final class ReferredDocumentsTest {

    private static final String MAIN = """
            {"openapi":"3.1.0","servers":[{"url":"https://api.example"}],"paths":{
              "/orders/{id}":{"$ref":"paths/orders.yaml#/~1orders~1{id}"},
              "/elsewhere":{"$ref":"https://other.example/all.json#/elsewhere"}}}""";

    private static final String OPERATION = """
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

    private static final String CHANNELS = """
              - a:
                  call: asyncapi
                  with:
                    document: { endpoint: https://docs.example/api/asyncapi.yaml }
                    operation: order
                    message: { payload: PAYLOAD }
            """;

    private static final String SCHEMA = """
            { "anyOf": [
                { "enum": [ { "$ref": "schemas.json" }, { "of": [ { "default": { "$ref": "#/none" } } ] } ] },
                { "const": { "const": { "$ref": "schemas.json" } } },
                { "type": "object", "required": [ "default" ],
                  "default": { "$ref": "none.json" }, "examples": [ { "$ref": "#no" } ],
                  "properties": {
                    "default": { "$ref": "NUMBER" }, "enum": { "$ref": "NUMBER" },
                    "$ref": { "$ref": "NUMBER" } } } ] }""";

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
                "there.json#none         | 'there.json#none' names an anchor, which is not available",
                "5                       | a '$ref' is no text",
                "there.json#/circle      | 'https://docs.example/api/there.json#/circle' leads in a circle",
                "there.json#/back        | 'there.json#/back' leads in a circle",
                "broken.json             | it refers to https://docs.example/api/broken.json, which is neither JSON nor YAML"
            })
    void thatCannotBeUsedAreRefused(String reference, String reason) {
        put("https://docs.example/api/openapi.json", """
                {"openapi":"3.1.0","paths":{"/a":{"$ref":REFERENCE}}}""".replace(
                        "REFERENCE", reference.equals("5") ? reference : '"' + reference + '"'));
        put("https://docs.example/api/there.json", """
                {"":{"get":{"operationId":"get"}},"circle":{"$ref":"#/circle"},
                  "back":{"$ref":"openapi.json#/paths/~1a"}}""");
        put("https://docs.example/api/broken.json", "{");
        remote.fail(URI.create("https://docs.example/api/gone.json"), "status 404");
        assertThat(read()).startsWith("cannot be used: " + reason);
    }

    /** Its value would not be sent, or not as a header. */
    @Test
    void haveNoParameterForAHeaderThatIsSaidElsewhere() {
        put("https://docs.example/api/openapi.json", """
                {"openapi":"3.1.0","servers":[{"url":"https://api.example"}],"paths":{"/x":{"post":{"operationId":"get",
                  "parameters":[{"name":"id","in":"query"},{"name":"x","in":"query"},{"name":"Accept","in":"header"}],
                  "requestBody":{"content":{"application/json":{}}}}}}}""");

        assertThat(read()).isEmpty();
        assertThat(problem(OPERATION.replace("x: 2", "Accept: text/csv")))
                .startsWith("OpenAPI ignores parameters for the header 'Accept'");
    }

    @Test
    void areReadTogetherWithADescriptionOfChannels() {
        put("https://docs.example/api/asyncapi.yaml", """
                asyncapi: 3.0.0
                servers: { site: { $ref: 'servers.yaml#/site' } }
                operations: { order: { action: receive, channel: { $ref: 'channels/orders.yaml#/orders' } } }
                """);
        assertThat(readChannels("{ id: 7 }")).isEmpty();
        assertThat(asked()).containsExactly("https://docs.example/api/channels/orders.yaml");
        put("https://docs.example/api/channels/orders.yaml", """
                orders:
                  address: /orders
                  servers: [ { $ref: '../asyncapi.yaml#/servers/site' } ]
                  messages: { one: { $ref: '#/messages/one' } }
                messages: { one: { payload: { $ref: '../schemas.json#/order' } } }
                """);
        assertThat(readChannels("{ id: 7 }")).isEmpty();
        assertThat(asked()).containsExactly("https://docs.example/api/servers.yaml");
        put("https://docs.example/api/servers.yaml", "site: { host: site.example, protocol: https }");
        assertThat(readChannels("{ id: 7 }")).isEmpty();
        assertThat(asked()).containsExactly("https://docs.example/api/schemas.json");
        put("https://docs.example/api/schemas.json", """
                {"order":{"type":"object","required":["id"],"properties":{"id":{"$ref":"#/id"},"next":{"$ref":"schemas.json#/order"},
                  "channel":{"$ref":"channels/orders.yaml#/messages/one/payload"}}},"id":{"type":"integer"}}""");

        assertThat(published("{ id: 7, next: { id: 8 }, channel: { id: 9 } }"))
                .isEqualTo("https://site.example/orders");
        assertThatThrownBy(() -> published("{ id: 7, next: { id: eight } }"))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining("/next/id");
        assertThatThrownBy(() -> published("{ id: 7, channel: {} }")).isInstanceOf(InvalidValueException.class);
        assertThat(remote.missing()).isEmpty();
    }

    @Test
    void ofChannelsThatLeadInACircleAreRefused() {
        put("https://docs.example/api/asyncapi.yaml", """
                asyncapi: 3.0.0
                servers: { site: { host: site.example, protocol: https } }
                operations: { order: { action: receive, channel: { $ref: 'other.yaml#/a' } } }
                back: { $ref: 'other.yaml#/a' }
                """);
        put("https://docs.example/api/other.yaml", "a: { $ref: 'asyncapi.yaml#/back' }");

        assertThat(readChannels("{}")).startsWith("cannot be used: 'other.yaml#/a' leads in a circle");
    }

    /** What looks like a reference in a value is part of the value; what is called like a keyword is none. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{ $ref: 'schemas.json' }",
                "{ const: { $ref: 'schemas.json' } }",
                "{ of: [ { default: { $ref: '#/none' } } ] }",
                "{ default: 7, enum: 7, '$ref': 7 }"
            })
    void leaveDataAlone(String payload) {
        put("https://docs.example/api/asyncapi.yaml", """
                asyncapi: 3.0.0
                servers: { site: { host: site.example, protocol: https } }
                channels: { c: { address: /c } }
                operations:
                  order:
                    channel: { $ref: '#/channels/c' }
                    messages: [ { payload: SCHEMA }, { payload: { $ref: 'schemas.json#/default' } } ]
                number: { type: integer }
                """.replace("SCHEMA", SCHEMA.replace("NUMBER", "#/number")));
        put(
                "https://docs.example/api/schemas.json",
                "{\"default\":" + SCHEMA.replace("NUMBER", "#/schemas/number")
                        + ",\"schemas\":{\"number\":{\"type\":\"integer\"}}}");

        assertThat(published(payload)).isEqualTo("https://site.example/c");
        assertThatThrownBy(() -> published("{ $ref: 'https://docs.example/api/schemas.json' }"))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> published("{ default: seven }")).isInstanceOf(InvalidValueException.class);
    }

    /** As trees they are large; each is read once for all tasks. */
    @Test
    void areReadOnceHoweverManyTasksReferToThem() {
        put("https://docs.example/api/asyncapi.yaml", """
                asyncapi: 3.0.0
                servers: { site: { host: site.example, protocol: https } }
                operations: { order: { action: receive, channel: { $ref: 'other.json#/a' } } }
                """);
        String many = IntStream.range(0, 60_000)
                .mapToObj(index -> "\"p" + index + "\":{\"$ref\":\"#/a\"}")
                .collect(Collectors.joining(","));
        put("https://docs.example/api/other.json", "{\"a\":{\"address\":\"/a\"},\"b\":{" + many + "}}");
        String tasks = IntStream.range(0, 2_000)
                .mapToObj(index -> CHANNELS.replace("- a:", "- t" + index + ":").replace("PAYLOAD", "{ id: 7 }"))
                .collect(Collectors.joining());

        Workflow workflow =
                assertTimeoutPreemptively(Duration.ofSeconds(60), () -> compiled(Documents.HEAD + "do:\n" + tasks));

        assertThat(workflow.tasks().tasks()).hasSize(2_000);
    }

    private String readChannels(String payload) {
        return problem(CHANNELS.replace("PAYLOAD", payload));
    }

    /** Where a message goes that is as it should be. */
    private String published(String payload) {
        Workflow workflow = compiled(Documents.HEAD + "do:\n" + CHANNELS.replace("PAYLOAD", payload));
        HttpCall call = (HttpCall) ((Task.MakeCall) workflow.tasks().tasks().getFirst()).call();
        JsonNode message = Objects.requireNonNull(call.arguments()).evaluate(Json.object(), Arguments.NONE);
        return call.uri().evaluate(message, Arguments.NONE).asString();
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

    private String read() {
        return problem(OPERATION);
    }

    private Workflow compiled() {
        return compiled(Documents.HEAD + "do:\n" + OPERATION);
    }

    /** What is wrong with a task; nothing while something is missing. */
    private String problem(String task) {
        SluiceException refused =
                catchThrowableOfType(SluiceException.class, () -> compiled(Documents.HEAD + "do:\n" + task));
        return refused == null ? "" : refused.violations().getFirst().detail();
    }

    private Workflow compiled(String document) {
        return WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML, remote);
    }
}
