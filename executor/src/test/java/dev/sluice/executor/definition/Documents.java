package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.problem.Violation;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Documents for tests. */
final class Documents {

    /** Five lines; tests write what follows. */
    static final String HEAD = """
            document:
              dsl: '1.0.3'
              namespace: test
              name: sample
              version: '1.0.0'
            """;

    private Documents() {}

    static Workflow yaml(String text) {
        return WorkflowDocuments.read(text.getBytes(StandardCharsets.UTF_8), Format.YAML);
    }

    static Workflow json(String text) {
        return WorkflowDocuments.read(text.getBytes(StandardCharsets.UTF_8), Format.JSON);
    }

    /** The violations as {@code line:column pointer detail}; empty when the document compiles. */
    static List<String> violations(String text, Format format) {
        return violations(text.getBytes(StandardCharsets.UTF_8), format);
    }

    static List<String> violations(byte[] body, Format format) {
        try {
            var _ = WorkflowDocuments.read(body, format, new RemoteDocuments());
            return List.of();
        } catch (SluiceException e) {
            return e.violations().stream().map(Documents::line).toList();
        }
    }

    /** Expects these violations, and no other, of what follows the head. */
    static void refuses(String body, String... violations) {
        assertThat(violations(HEAD + body, Format.YAML)).containsExactly(violations);
    }

    private static String line(Violation violation) {
        return violation.line() + ":" + violation.column() + ' ' + violation.pointer() + ' ' + violation.detail();
    }
}
