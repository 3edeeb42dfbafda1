package dev.sluice.executor.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/** What {@code docs/language.md} shows is what a workflow may say. */
final class LanguageExamplesTest {

    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    static List<String> examples() throws IOException {
        List<String> examples = EXAMPLE.matcher(Files.readString(Path.of("..", "docs", "language.md")))
                .results()
                .map(MatchResult::group)
                .map(block -> block.substring("```yaml\n".length(), block.length() - "```".length()))
                .toList();
        assertThat(examples).hasSizeGreaterThan(9);
        return examples;
    }

    /** Completed by what an example leaves out. Documents elsewhere are not fetched here, so what they have is not looked at. */
    @ParameterizedTest
    @MethodSource("examples")
    void canBeDeployed(String example) {
        ObjectNode document = (ObjectNode) YamlDocumentReader.read(example).root();
        ObjectNode head = document.withObject("/document");
        head.put("dsl", "1.0.3").put("namespace", "test").put("name", "example").put("version", "1.0.0");
        if (document.get("parameters") instanceof ObjectNode parameters) {
            document.remove("parameters");
            ObjectNode call =
                    document.putArray("do").addObject().putObject("upload").put("call", "openapi");
            ObjectNode with = call.putObject("with").put("operationId", "upload");
            with.putObject("document").put("endpoint", "https://shop.example/openapi.json");
            with.set("parameters", parameters);
        }
        if (!document.has("do")) {
            document.putArray("do")
                    .addObject()
                    .putObject("one")
                    .putObject("set")
                    .put("n", 1);
        }

        Workflow workflow =
                WorkflowDocuments.read(Json.text(document).getBytes(UTF_8), Format.JSON, new RemoteDocuments());

        assertThat(workflow.name().name()).isEqualTo("example");
    }
}
