package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of the specification is refused: exactly this, and nothing else that is valid. There is a small document for each alternative
 * that the specification's schema has ({@code alternatives.yaml}), and each name in the schema is in one of them.
 */
final class RefusablesTest {

    /** Left out on purpose. */
    private static final Set<String> REFUSED = Set.of(
            "a catalog at a computed address",
            "a schema of a workflow at a computed address",
            "call of asyncapi by a protocol that is left out",
            "call of mcp over stdio",
            "expressions in js",
            "run of a script in python",
            "run of a container",
            "run of a shell command");

    /** Valid, and not on the list of what may be refused. */
    private static final Set<String> DEFECTS = Set.of();

    /** In the schema of a message that comes in, which no document has. */
    private static final Set<String> UNUSED = Set.of("correlationId");

    private static final Map<String, String> ELSEWHERE = Map.ofEntries(
            Map.entry("https://docs.example/schema.json", "{\"type\":\"object\"}"),
            Map.entry("https://docs.example/script.js", "console.log(1)"),
            Map.entry("https://docs.example/agent-card.json", """
                    {"protocolVersion":"0.3.0","preferredTransport":"JSONRPC","url":"https://agent.example/rpc"}"""),
            Map.entry("https://docs.example/greet.proto", """
                    syntax = "proto3";
                    package greet;
                    message Hello { string name = 1; }
                    service Greeter { rpc SayHello(Hello) returns (Hello); }
                    """),
            Map.entry("https://docs.example/asyncapi.yaml", """
                    asyncapi: 3.0.0
                    servers:
                      http: { host: api.example, protocol: http, variables: { a: { default: b } } }
                      ws: { host: api.example, protocol: ws }
                      redis: { host: api.example, protocol: redis }
                    channels: { greetings: { address: greetings } }
                    operations:
                      send: { action: receive, channel: { $ref: '#/channels/greetings' } }
                      receive: { action: send, channel: { $ref: '#/channels/greetings' } }
                    """),
            Map.entry("https://docs.example/asyncapi2.yaml", """
                    asyncapi: 2.6.0
                    servers: { http: { url: https://api.example, protocol: https } }
                    channels: { /greetings: { publish: {} } }
                    """),
            Map.entry("https://catalog.example/functions/log/1.0.0/function.yaml", "set: { x: 1 }"),
            Map.entry("https://files.example/log.yaml", "set: { x: 1 }"),
            Map.entry("https://docs.example/openapi.json", """
                    {"openapi":"3.0.3","servers":[{"url":"https://api.example"}],"paths":{
                      "/{id}":{"get":{"operationId":"get","parameters":[{"name":"id","in":"path","schema":{"type":"string"}}]}},
                      "/":{"post":{"operationId":"upload","requestBody":{"content":{"multipart/form-data":{"schema":
                        {"type":"object","properties":{"file":{"type":"string","format":"binary"}}}}}}}}}}"""),
            Map.entry("https://docs.example/split.json", """
                    {"openapi":"3.0.3","servers":[{"url":"https://api.example"}],"paths":{"/":{"$ref":"paths.json#/one"}}}"""),
            Map.entry("https://docs.example/paths.json", "{\"one\":{\"get\":{\"operationId\":\"get\"}}}"));

    private static final Map<String, JsonNode> ALTERNATIVES = alternatives();

    @BeforeAll
    static void needsTheSpecification() {
        assumeTrue(System.getProperty("sluice.spec") != null, "-Dsluice.spec names no folder");
    }

    static Collection<String> names() {
        return ALTERNATIVES.keySet();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isValid(String name) throws IOException {
        var schema = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12,
                        builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()))
                .getSchema(schema());
        assertThat(schema.validate(document(name))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isRefusedOnlyIfItIsOnTheList(String name) {
        Set<String> reasons = new TreeSet<>();
        violations(name).forEach(violation -> reasons.add(general(violation.detail())));
        assertThat(reasons).isEqualTo(marks(alternative(name)));
    }

    /** One reason for all words that are refused for it, each by its name. */
    private static String general(String reason) {
        return reason.replaceFirst("^'[a-z0-9]+' is", "this is");
    }

    private static Set<String> marks(JsonNode alternative) {
        return Stream.of("refused", "defect")
                .map(mark -> alternative.path(mark).asString(""))
                .filter(reason -> !reason.isEmpty())
                .map(RefusablesTest::general)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Test
    void theListIsThis() {
        assertThat(marked("refused")).isEqualTo(REFUSED);
        assertThat(marked("defect")).isEqualTo(DEFECTS);
    }

    /** So that no alternative is forgotten. */
    @Test
    void eachNameInTheSchemaIsInADocument() throws IOException {
        Set<String> named = new TreeSet<>();
        collect(schema(), named);
        Set<String> used = new TreeSet<>(UNUSED);
        ALTERNATIVES.keySet().forEach(name -> words(document(name), used));
        named.removeAll(used);
        assertThat(named).isEmpty();
    }

    private static Set<String> marked(String mark) {
        Set<String> names = new TreeSet<>();
        ALTERNATIVES.forEach((name, alternative) -> {
            if (alternative.has(mark)) {
                names.add(name);
            }
        });
        return names;
    }

    /** The properties and the words of enumerations that a schema names. */
    private static void collect(JsonNode schema, Set<String> names) {
        if (schema.path("properties").isObject()) {
            names.addAll(schema.path("properties").propertyNames());
        }
        schema.path("enum").forEach(word -> names.add(word.asString()));
        if (schema.path("const").isString()) {
            names.add(schema.path("const").asString());
        }
        schema.forEach(inner -> collect(inner, names));
    }

    private static void words(JsonNode value, Set<String> words) {
        if (value.isString()) {
            words.add(value.stringValue());
        }
        if (value.isObject()) {
            words.addAll(value.propertyNames());
        }
        value.forEach(inner -> words(inner, words));
    }

    private static List<Violation> violations(String name) {
        RemoteDocuments remote = new RemoteDocuments();
        byte[] text = Json.bytes(document(name));
        while (true) {
            try {
                var _ = WorkflowDocuments.read(text, Format.JSON, remote);
            } catch (SluiceException e) {
                return e.violations();
            }
            Collection<Reference> missing = remote.missing();
            if (missing.isEmpty()) {
                return List.of();
            }
            missing.forEach(reference -> remote.put(reference.uri(), elsewhere(reference.uri())));
        }
    }

    private static byte[] elsewhere(URI uri) {
        return Objects.requireNonNull(ELSEWHERE.get(uri.toString()), uri::toString)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static JsonNode alternative(String name) {
        return Objects.requireNonNull(ALTERNATIVES.get(name));
    }

    private static JsonNode document(String name) {
        ObjectNode document = (ObjectNode) alternative(name).path("document").deepCopy();
        ObjectNode head = document.withObject("/document");
        head.put("dsl", "1.0.3");
        head.put("namespace", "test");
        head.put("name", "alternative");
        head.put("version", "1.0.0");
        return document;
    }

    private static Map<String, JsonNode> alternatives() {
        try (InputStream in = RefusablesTest.class.getResourceAsStream("alternatives.yaml")) {
            Map<String, JsonNode> all = new TreeMap<>();
            JsonNode root = YamlDocumentReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .root();
            root.properties().forEach(entry -> all.put(entry.getKey(), entry.getValue()));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode schema() throws IOException {
        return YamlDocumentReader.read(Files.readString(Path.of(System.getProperty("sluice.spec"), "workflow.yaml")))
                .root();
    }
}
