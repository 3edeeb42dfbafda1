package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Functions of catalogs, as they are compiled. */
final class CatalogTest {

    @ParameterizedTest
    @CsvSource({
        "log:1.0.0@here, https://catalog.example/base/functions/log/1.0.0/function.yaml",
        "log:1.0.0@git, https://raw.githubusercontent.com/org/repo/main/functions/log/1.0.0/function.yaml",
        "log:1.0.0@branch, https://raw.githubusercontent.com/org/repo/v2/sub/functions/log/1.0.0/function.yaml",
        "https://files.example/log.yaml, https://files.example/log.yaml",
        "https://github.com/org/repo/blob/v1/log.yaml, https://raw.githubusercontent.com/org/repo/v1/log.yaml"
    })
    void findsTheFunction(String call, String uri) {
        RemoteDocuments remote = new RemoteDocuments();
        assertThat(read(call, remote).functions()).containsOnlyKeys("mine");
        assertThat(remote.missing()).extracting(Reference::uri).containsExactly(URI.create(uri));
        remote.put(URI.create(uri), "set: { logged: \"${ .message }\" }".getBytes(StandardCharsets.UTF_8));
        Workflow workflow = read(call, remote);

        assertThat(remote.missing()).isEmpty();
        assertThat(workflow.functions()).containsOnlyKeys("mine", call);
        assertThat(workflow.tasks().tasks().getFirst()).isInstanceOf(Task.CallFunction.class);
    }

    @Test
    void compilesAFunctionThatCallsItselfOnce() {
        RemoteDocuments remote = new RemoteDocuments();
        String place = "https://files.example/again.yaml";
        remote.put(URI.create(place), ("call: " + place).getBytes(StandardCharsets.UTF_8));

        assertThat(read(place, remote).functions()).containsOnlyKeys("mine", place);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "log:1.0.0@nowhere | there is no 'nowhere' in use.catalogs",
                "log:1.0.0@default | there is no function 'log:1.0.0@default' in the default catalog",
            })
    void saysThatThereIsNoSuchCatalog(String call, String reason) {
        assertThat(refused(call, new RemoteDocuments())).isEqualTo(reason);
    }

    @Test
    void saysWhatIsWrongWithTheFunctionThere() {
        String place = "https://files.example/log.yaml";
        RemoteDocuments remote = new RemoteDocuments();
        remote.put(URI.create(place), "set: { x: '${ $nothing }' }".getBytes(StandardCharsets.UTF_8));
        assertThat(refused(place, remote))
                .startsWith("the function there is not valid: ")
                .contains("$nothing is not defined");

        remote.put(URI.create(place), "call: mine".getBytes(StandardCharsets.UTF_8));
        assertThat(refused(place, remote)).contains("there is no function 'mine'");

        RemoteDocuments gone = new RemoteDocuments();
        gone.fail(URI.create(place), "status 404");
        assertThat(refused(place, gone)).isEqualTo("cannot be fetched: status 404");
    }

    private static String refused(String call, RemoteDocuments remote) {
        SluiceException refusal = catchThrowableOfType(SluiceException.class, () -> read(call, remote));
        assertThat(refusal.violations()).hasSize(1);
        assertThat(refusal.violations().getFirst().pointer()).isEqualTo("/do/0/a/call");
        return refusal.violations().getFirst().detail();
    }

    private static Workflow read(String call, RemoteDocuments remote) {
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: sample, version: '1.0.0' }
                use:
                  functions: { mine: { set: { x: 1 } } }
                  catalogs:
                    here: { endpoint: https://catalog.example/base/ }
                    git: { endpoint: { uri: https://github.com/org/repo } }
                    branch: { endpoint: https://github.com/org/repo/tree/v2/sub }
                do: [ { a: { call: 'CALL', with: { message: hello } } } ]
                """.replace("CALL", call);
        return WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML, remote);
    }
}
