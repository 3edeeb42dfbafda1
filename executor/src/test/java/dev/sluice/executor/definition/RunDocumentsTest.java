package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.RemoteDocuments.Reference;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.problem.SluiceException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code run} may say. */
final class RunDocumentsTest {

    @Test
    void scriptIsWhatTheSpecificationSays() {
        Workflow workflow = Documents.yaml(Documents.HEAD + """
                do:
                  - a:
                      run:
                        await: false
                        return: all
                        script:
                          language: js
                          code: console.log(1)
                          stdin: ${ .in }
                          arguments: [ x, '${ $secrets.s }' ]
                          environment: { a: b }
                use: { secrets: [ s ] }
                """);
        Script script = (Script) ((Task.MakeCall) workflow.tasks().tasks().getFirst()).call();
        assertThat(script.code()).isEqualTo("console.log(1)");
        assertThat(script.await()).isFalse();
        assertThat(script.output()).isEqualTo(ProcessOutput.ALL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "script: { language: js } | /script 'code' or 'source' is missing",
                "script: { code: '' } | /script 'language' is missing",
                "script: { language: js, code: '', source: { endpoint: 'https://a.example' } } | /script has 'code' and 'source'; one of them",
                "script: { language: python, code: 'print()' } | /script/language scripts in Python are not available; those in JavaScript ('js') are",
                "script: { language: ruby, code: '' } | /script/language there are no scripts in 'ruby'; the specification has js and python",
                "script: { language: js, code: 'let x = ;' } | /script/code not a script in JavaScript: unexpected token in expression: ';' (line 1)",
                "script: { language: js, code: \"import 'node:net'\" } | /script/code not a script in JavaScript: could not load module 'node:net'",
                "script: { language: js, code: '${ .code }' } | /script/code must be the script itself, not an expression that gives one",
                "script: { language: js, code: '', arguments: { a: b } } | /script/arguments must be a list of strings, not an object",
                "script: { language: js, code: '', arguments: [ 1 ] } | /script/arguments/0 must be a string, not a number; put quotes around it",
                "script: { language: js, code: '', stdin: 1 } | /script/stdin must be a string, not a number; put quotes around it",
                "script: { language: js, code: '', environment: [ a ] } | /script/environment must be an object, not a list",
                "script: { language: js, code: '', files: [ a ] } | /script/files unknown property 'files'",
                "script: { language: js, code: '', stdin: '${ $nothing }' } | /script/stdin invalid expression: $nothing is not defined (line 1, column 2)",
                "container: { image: alpine } | /container 'container' is not available: no containers are run here",
                "shell: { command: ls } | /shell 'shell' is not available: no commands of a shell are run here",
                "await: true | / needs one of container, script, shell, workflow",
                "script: { language: js, code: '' }, shell: { command: ls } | / runs one thing, this one has script and shell",
                "script: { language: js, code: '' }, return: output | /return must be one of stdout, stderr, code, all, none, not 'output'"
            })
    void refusesWhatIsWrong(String run, String violation) {
        assertThat(Documents.violations(Documents.HEAD + "do: [ a: { run: { " + run + " } } ]\n", Format.YAML))
                .singleElement()
                .asString()
                .endsWith(" /do/0/a/run" + (violation.startsWith("/ ") ? violation.substring(1) : violation));
    }

    @Test
    void sourceIsFetchedAndRead() {
        URI uri = URI.create("https://scripts.example/a.js");
        RemoteDocuments remote = new RemoteDocuments();
        assertThat(code(remote)).isNull();
        assertThat(remote.missing()).extracting(Reference::uri).containsExactly(uri);
        remote.put(uri, "console.log('{')".getBytes(StandardCharsets.UTF_8));
        assertThat(code(remote)).isEqualTo("console.log('{')");
        remote.put(uri, "console.log(".getBytes(StandardCharsets.UTF_8));
        assertThat(refusal(remote)).contains("/do/0/a/run/script/source not a script in JavaScript: ");
        remote.put(uri, new byte[] {(byte) 0xff});
        assertThat(refusal(remote)).endsWith("/source/endpoint the text there is not UTF-8");
        RemoteDocuments gone = new RemoteDocuments();
        gone.fail(uri, "status 404");
        assertThat(refusal(gone)).endsWith("/source/endpoint cannot be fetched: status 404");
    }

    private static final String ELSEWHERE = Documents.HEAD
            + "do: [ a: { run: { script: { language: js, source: { name: a, endpoint: 'https://scripts.example/a.js' } } } } ]\n";

    private static @Nullable String code(RemoteDocuments remote) {
        Workflow workflow = WorkflowDocuments.read(ELSEWHERE.getBytes(StandardCharsets.UTF_8), Format.YAML, remote);
        return workflow.tasks().tasks().stream()
                .map(task -> ((Script) ((Task.MakeCall) task).call()).code())
                .findFirst()
                .orElse(null);
    }

    private static String refusal(RemoteDocuments remote) {
        try {
            throw new AssertionError(code(remote));
        } catch (SluiceException e) {
            return e.violations().getFirst().pointer()
                    + ' '
                    + e.violations().getFirst().detail();
        }
    }
}
