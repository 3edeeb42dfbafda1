package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Random documents that the specification's schema allows, and what becomes of them when something is done to them; skipped where
 * {@code sluice.spec} names no folder. {@code sluice.seed} and {@code sluice.documents} repeat a run and make it longer.
 */
final class RandomDocumentsTest {

    private static final int DOCUMENTS = Integer.getInteger("sluice.documents", 1_000);

    /** Of one document, which takes some milliseconds. */
    private static final Duration HANG = Duration.ofSeconds(30);

    /** What each document elsewhere is: a description of an API, and a schema. */
    private static final byte[] ELSEWHERE =
            "{\"openapi\":\"3.1.0\",\"paths\":{\"/x\":{\"get\":{\"operationId\":\"a\"}}}}"
                    .getBytes(StandardCharsets.UTF_8);

    private static final int SHOWN = 10_000;
    private static final JsonMapper LINES =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private static final SchemaRegistryConfig FORMATS =
            SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();

    private final long seed = Long.getLong("sluice.seed", 7);

    @BeforeEach
    void needsTheSpecification() {
        assumeTrue(System.getProperty("sluice.spec") != null, "-Dsluice.spec names no folder");
    }

    @Test
    void giveAWorkflowOrViolationsAndNothingThatTheSchemaForbids() throws Exception {
        JsonNode schema = schema();
        Schema validator = SchemaRegistry.withDefaultDialect(
                        SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(FORMATS))
                .getSchema(schema);
        RandomDocuments documents = new RandomDocuments(schema, seed);
        Random random = new Random(seed);
        int compiled = 0;
        int forbidden = 0;
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < DOCUMENTS; i++) {
                JsonNode document = documents.next();
                for (int mutations = random.nextInt(5) - 1; mutations > 0; mutations--) {
                    documents.mutate(document);
                }
                String text = random.nextBoolean() ? Json.text(document) : LINES.writeValueAsString(document);
                List<Violation> violations = violations(thread, text, random.nextBoolean() ? Format.JSON : Format.YAML);
                List<String> errors = errors(validator, document);
                compiled += violations.isEmpty() ? 1 : 0;
                forbidden += errors.isEmpty() ? 0 : 1;
                assertThat(violations.isEmpty() && !errors.isEmpty())
                        .as("seed %d: compiles although %s:%n%s", seed, errors, shown(text))
                        .isFalse();
            }
        }
        System.out.println("seed " + seed + ": of " + DOCUMENTS + " documents " + compiled + " compile, " + forbidden
                + " are not as the schema has them");
        // What is never taken, or never refused by the schema, would show nothing.
        assertThat(compiled).isGreaterThan(DOCUMENTS / 50);
        assertThat(forbidden).isGreaterThan(DOCUMENTS / 5);
    }

    /**
     * What the schema says against a document; nothing when its library has not the stack to say it, and in loose mode, in which we
     * take as an expression what compiles as one, and the schema only what is in braces.
     */
    private static List<String> errors(Schema validator, JsonNode document) {
        if (document.at("/evaluate/mode").asString("").equals("loose")) {
            return List.of();
        }
        try {
            return validator.validate(document).stream().map(Error::toString).toList();
        } catch (StackOverflowError e) {
            return List.of();
        }
    }

    private List<Violation> violations(ExecutorService thread, String text, Format format) throws Exception {
        try {
            return thread.submit(() -> checked(text, format)).get(HANG.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("seed " + seed + ": not compiled in " + HANG + ": " + shown(text), e);
        } catch (ExecutionException e) {
            throw new AssertionError("seed " + seed + ": " + e.getCause() + ": " + shown(text), e.getCause());
        }
    }

    private static String shown(String text) {
        return text.length() > SHOWN ? text.substring(0, SHOWN) + '…' : text;
    }

    private static List<Violation> checked(String text, Format format) {
        RemoteDocuments remote = new RemoteDocuments();
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try {
            Workflow workflow = whole(body, format, remote);
            byte[] source = Json.bytes(workflow.source());
            Workflow stored = WorkflowDocuments.compile(Json.trusted(source), remote);
            assertThat(shape(stored)).isEqualTo(shape(workflow));
            assertThat(Json.bytes(stored.source())).isEqualTo(source);
            return List.of();
        } catch (SluiceException e) {
            assertThat(e.type()).isEqualTo(ProblemType.INVALID_DOCUMENT);
            assertThat(e.violations()).isNotEmpty().hasSizeLessThanOrEqualTo(100);
            List<String> lines = text.lines().toList();
            assertThat(e.violations()).allSatisfy(violation -> {
                int line = Objects.requireNonNull(violation.line());
                assertThat(line).isBetween(1, lines.size());
                assertThat(violation.column()).isBetween(1, lines.get(line - 1).length() + 1);
                assertThat(violation.detail().length()).isBetween(1, 1_001);
                assertThat(violation.pointer()).isNotNull().hasSizeLessThanOrEqualTo(500);
            });
            return e.violations();
        }
    }

    private static Workflow whole(byte[] body, Format format, RemoteDocuments remote) {
        Workflow workflow = WorkflowDocuments.read(body, format, remote);
        for (Collection<Reference> missing = remote.missing(); !missing.isEmpty(); missing = remote.missing()) {
            missing.forEach(reference -> remote.put(reference.uri(), ELSEWHERE));
            workflow = WorkflowDocuments.read(body, format, remote);
        }
        return workflow;
    }

    /** All of a workflow that has an equal. */
    private static String shape(Workflow workflow) {
        return Stream.of(
                        workflow.name(),
                        tasks(workflow.tasks().tasks()),
                        new TreeMap<>(workflow.functions())
                                .values().stream()
                                        .map(task -> tasks(List.of(task)))
                                        .toList(),
                        workflow.extensions().stream().map(Extension::name).toList(),
                        workflow.listeners().keySet().stream().sorted().toList(),
                        workflow.secrets().stream().sorted().toList(),
                        workflow.schedule(),
                        workflow.read(),
                        workflow.priority(),
                        workflow.triggers().size())
                .map(String::valueOf)
                .collect(Collectors.joining("\n"));
    }

    private static String tasks(List<Task> tasks) {
        return tasks.stream()
                .map(task -> task.getClass().getSimpleName()
                        + ' '
                        + task.base().reference()
                        + ' '
                        + task.base().placeHash()
                        + ' '
                        + task.base().then()
                        + ' '
                        + task.base().input().isNone()
                        + ' '
                        + (task.base().timeout() == null)
                        + tasks(task.inner()))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /**
     * The schema, but for where we take more: query parameters are whatever they are, as the reference has them ({@code map[string,
     * any]}), and headers may be numbers.
     */
    private static JsonNode schema() throws IOException {
        Path file = Path.of(System.getProperty("sluice.spec"), "workflow.yaml");
        JsonNode schema = YamlDocumentReader.read(Files.readString(file)).root();
        for (JsonNode call : schema.at("/$defs/callTask/oneOf")) {
            if (call.path("title").asString("").equals("CallHTTP")) {
                JsonNode with = call.at("/allOf/1/properties/with/properties");
                ((ObjectNode) with.at("/query/oneOf/0")).remove("additionalProperties");
                ((ObjectNode) with.at("/headers/oneOf/0")).remove("additionalProperties");
            }
        }
        return schema;
    }
}
