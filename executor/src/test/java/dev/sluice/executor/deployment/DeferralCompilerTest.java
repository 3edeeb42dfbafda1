package dev.sluice.executor.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.Deferral;
import dev.sluice.executor.definition.Deferral.Outcome;
import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

/** What runs have compiled is compiled once for the same documents. */
final class DeferralCompilerTest {

    private static final URI HERE = URI.create("https://docs.example/a.json");
    private static final String POINTER = "/do/0/a/with/document/endpoint";

    private final DeferralCompiler compiler = new DeferralCompiler();

    @Test
    void compilesOnceWhoeverAsks() {
        Deferral<Task> deferral = deferral();
        List<Outcome<Task>> outcomes = Objects.requireNonNull(Flux.range(0, 100)
                .flatMap(run -> compiler.compile(deferral, Map.of(POINTER, HERE), Map.of(HERE, api("/pets"))), 100)
                .collectList()
                .block(Duration.ofSeconds(10)));

        assertThat(outcomes).hasSize(100).first().isInstanceOf(Outcome.Known.class);
        assertThat(outcomes).allSatisfy(outcome -> assertThat(outcome).isSameAs(outcomes.getFirst()));
    }

    @Test
    void tellsOtherDocumentsAddressesAndWorkflowsApart() {
        Deferral<Task> deferral = deferral();
        URI there = URI.create("https://docs.example/b.json");
        Outcome<Task> first = compile(deferral, HERE, Map.of(HERE, api("/pets")));

        assertThat(compile(deferral, HERE, Map.of(HERE, api("/pots")))).isNotSameAs(first);
        assertThat(compile(deferral, there, Map.of(there, api("/pets")))).isNotSameAs(first);
        assertThat(compile(deferral(), HERE, Map.of(HERE, api("/pets")))).isNotSameAs(first);
        assertThat(compile(deferral, HERE, Map.of(HERE, api("/pets")))).isSameAs(first);
    }

    @Test
    void saysWhatIsMissingAndWhatIsWrong() {
        Deferral<Task> deferral = deferral();

        Outcome<Task> missing = compile(deferral, HERE, Map.of());
        Outcome<Task> invalid = compile(deferral, HERE, Map.of(HERE, "[1".getBytes(UTF_8)));

        assertThat(missing).isEqualTo(new Outcome.Missing<Task>(List.of(new Reference(HERE, null))));
        assertThat(((Outcome.Invalid<Task>) invalid).reason())
                .startsWith("/do/0/a/with/document/endpoint: the document there is neither JSON nor YAML");
    }

    @Test
    void keepsFewerThatHaveLargeDocuments() {
        Deferral<Task> deferral = deferral();
        List<Outcome<Task>> first = large(deferral);
        Set<Object> different = Collections.newSetFromMap(new IdentityHashMap<>());
        different.addAll(first);
        different.addAll(large(deferral));

        assertThat(different).hasSizeGreaterThanOrEqualTo(2 * first.size() - 8);
        assertThat(first).hasOnlyElementsOfType(Outcome.Known.class);
    }

    private List<Outcome<Task>> large(Deferral<Task> deferral) {
        return IntStream.range(0, 20)
                .mapToObj(index -> compile(
                        deferral,
                        HERE,
                        Map.of(HERE, (new String(api("/" + index), UTF_8) + " ".repeat(1 << 20)).getBytes(UTF_8))))
                .toList();
    }

    private Outcome<Task> compile(Deferral<Task> deferral, URI uri, Map<URI, byte[]> documents) {
        return Objects.requireNonNull(
                compiler.compile(deferral, Map.of(POINTER, uri), documents).block(Duration.ofSeconds(10)));
    }

    private static Deferral<Task> deferral() {
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: later, version: '1.0.0' }
                do: [ a: { call: openapi, with: { document: { endpoint: '${ .where }' }, operationId: get } } ]
                """;
        Task task = WorkflowDocuments.read(document.getBytes(UTF_8), Format.YAML)
                .tasks()
                .tasks()
                .getFirst();
        return ((Task.Deferred) task).deferral();
    }

    private static byte[] api(String path) {
        return """
                {"openapi":"3.0.3","servers":[{"url":"https://api.example"}],"paths":{"%s":{"get":{"operationId":"get"}}}}""".formatted(path).getBytes(UTF_8);
    }
}
