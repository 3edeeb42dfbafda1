package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.HEAD;
import static dev.sluice.executor.definition.HostileDocuments.HANG;
import static dev.sluice.executor.definition.HostileDocuments.list;
import static dev.sluice.executor.definition.HostileDocuments.nested;
import static dev.sluice.executor.definition.HostileDocuments.violations;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Documents that name functions, components and documents elsewhere without an end, or very often. */
final class HostileReferencesTest {

    private static final String SET = "do: [ { a: { set: { x: 1 } } } ]";

    @Test
    void compilesCirclesOfFunctionsOnce() {
        String functions = IntStream.range(0, 3_000)
                .mapToObj(index -> "f" + index + ": { call: f" + (index + 1) % 3_000 + " }")
                .collect(Collectors.joining(", ", "use: { functions: { ", " } }\n"));

        assertThat(Documents.yaml(HEAD + functions + "do: [ { a: { call: f0 } } ]")
                        .functions())
                .hasSize(3_000);
    }

    /** Each is compiled where the first call of it is compiled, in the one before. */
    @Test
    void takesNoStackForFunctionsElsewhereThatLeadToOneAnother() {
        RemoteDocuments remote = new RemoteDocuments();
        String tasks = nested(58).substring("do: ".length());
        for (int index = 0; index < 20; index++) {
            String next = "call: 'https://files.example/" + (index + 1) % 20 + "'";
            String function = "do: " + tasks.replace("set: { x: 1 }", next);
            remote.put(URI.create("https://files.example/" + index), function.getBytes(StandardCharsets.UTF_8));
        }
        byte[] document =
                (HEAD + "do: [ { a: { call: 'https://files.example/0' } } ]").getBytes(StandardCharsets.UTF_8);

        assertThat(WorkflowDocuments.read(document, Format.YAML, remote).functions())
                .hasSize(20);
    }

    @Test
    void refusesCirclesOfComponents() {
        assertThat(violations(HEAD + """
                use:
                  timeouts: { a: b, b: a }
                  retries: { a: b, b: a }
                  errors: { a: b, b: a }
                  authentications: { a: { use: b }, b: { use: a } }
                """ + SET)).hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void endsCirclesOfSchemas() {
        assertThat(violations(HEAD + "input: { schema: { document: { $ref: '#' } } }\n" + SET))
                .isEmpty();
        String circle = "{ $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }";
        assertThat(violations(HEAD + "input: { schema: { document: " + circle + " } }\n" + SET))
                .isEmpty();
        assertThat(violations(HEAD + "input: { schema: { document: { $ref: '#/nowhere' } } }\n" + SET))
                .singleElement()
                .asString()
                .startsWith("6:20 /input/schema/document not a schema: ");
    }

    /** A look for what somebody may have meant goes over all names there are. */
    @Test
    void tellsAHundredReferencesThatLeadNowhereInTimeHoweverManyThereAre() {
        String tasks = list(12_000, index -> "t" + index + ": { set: { x: 1 }, then: nope" + index + " }");
        assertThat(violations(HEAD + tasks)).hasSize(100);

        String functions = IntStream.range(0, 6_000)
                .mapToObj(index -> "f" + index + ": { set: { x: 1 } }")
                .collect(Collectors.joining(", ", "use: { functions: { ", " } }\n"));
        String calls = list(6_000, index -> "t" + index + ": { call: zzz" + index + " }");
        assertThat(violations(HEAD + functions + calls)).hasSize(100);
    }

    @Test
    void boundsWhatIsNamedOftenAsIfItWereWrittenThere() {
        String large = "'[" + "[1,2,3],".repeat(5_000) + "1]'";
        String retry = HEAD + "use: { retries: { r: { when: " + large + " } } }\n";
        String tasks =
                list(1_000, index -> "t" + index + ": { try: [ { a: { set: { x: 1 } } } ], catch: { retry: r } }");

        assertThat(violations(retry + tasks))
                .hasSize(100)
                .allMatch(violation ->
                        violation.endsWith("/catch/retry what is named of 'use' would have more than 4194304"
                                + " bytes if it were written where it is named"));
        assertThat(violations(retry
                        + list(
                                50,
                                index -> "t" + index + ": { try: [ { a: { set: { x: 1 } } } ], catch: { retry: r } }")))
                .isEmpty();
    }

    @Test
    void findsManyOperationsInALargeDescriptionInTime() {
        String operations = IntStream.range(0, 20_000)
                .mapToObj(index -> "\"/p" + index + "\":{\"get\":{\"operationId\":\"op" + index + "\"}}")
                .collect(Collectors.joining(",", "{\"openapi\":\"3.1.0\",\"paths\":{", "}}"));
        RemoteDocuments remote = new RemoteDocuments();
        remote.put(URI.create("https://files.example/api"), operations.getBytes(StandardCharsets.UTF_8));
        String calls = list(
                5_000,
                index -> "t" + index + ": { call: openapi, with: { document: { endpoint: 'https://files.example/api' },"
                        + " operationId: op" + (15_000 + index) + " } }");
        byte[] document = (HEAD + calls).getBytes(StandardCharsets.UTF_8);

        assertThat(assertTimeoutPreemptively(HANG, () -> WorkflowDocuments.read(document, Format.YAML, remote))
                        .tasks()
                        .tasks())
                .hasSize(5_000);
    }

    /** Their trees are not kept. */
    @Test
    void readsLargeDescriptionsThatAreNamedByTurnsNoMoreThanABound() {
        String api = "{\"openapi\":\"3.1.0\",\"paths\":{\"/p\":{\"get\":{\"operationId\":\"op\"}}},\"x\":[0"
                + ",{\"a\":[1,2,3]}".repeat(130_000) + "]}";
        RemoteDocuments remote = new RemoteDocuments();
        for (int index = 0; index < 2; index++) {
            remote.put(URI.create("https://files.example/" + index), api.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(remoteViolations(remote, 3_000, index -> "https://files.example/" + index % 2))
                .isNotEmpty()
                .allMatch(reason -> reason.startsWith("the document there would be read too often: "));
        assertThat(remoteViolations(remote, 3_000, index -> "https://files.example/" + index / 1_500))
                .isEmpty();
        String small = "openapi: 3.1.0\npaths: { /p: { get: { operationId: op } } }\nx: " + "x".repeat(200_000);
        for (int index = 0; index < 2; index++) {
            remote.put(URI.create("https://files.example/" + index), small.getBytes(StandardCharsets.UTF_8));
        }
        assertThat(remoteViolations(remote, 3_000, index -> "https://files.example/" + index % 2))
                .isEmpty();
    }

    @Test
    void readsADescriptionThatIsBrokenOnce() {
        RemoteDocuments remote = new RemoteDocuments();
        String broken = "{\"x\":[0" + ",{\"a\":[1,2,3]}".repeat(130_000) + "]";
        String late = "x:\n" + "  - { a: [ 1, 2, 3 ] }\n".repeat(80_000) + "y: [\n";
        remote.put(URI.create("https://files.example/0"), broken.getBytes(StandardCharsets.UTF_8));
        remote.put(URI.create("https://files.example/1"), late.getBytes(StandardCharsets.UTF_8));

        assertThat(remoteViolations(remote, 3_000, index -> "https://files.example/" + index % 2))
                .hasSize(100)
                .allMatch(reason -> reason.startsWith("the document there is neither JSON nor YAML: "));
    }

    private static List<String> remoteViolations(RemoteDocuments remote, int tasks, IntFunction<String> address) {
        String calls = list(
                tasks,
                index -> "t" + index + ": { call: openapi, with: { document: { endpoint: '" + address.apply(index)
                        + "' }, operationId: op } }");
        byte[] document = (HEAD + calls).getBytes(StandardCharsets.UTF_8);
        return assertTimeoutPreemptively(HANG, () -> {
            try {
                var _ = WorkflowDocuments.read(document, Format.YAML, remote);
                return List.of();
            } catch (SluiceException e) {
                return e.violations().stream().map(Violation::detail).toList();
            }
        });
    }
}
