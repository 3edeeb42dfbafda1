package dev.sluice.executor.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The specification's own examples, from the folder named by {@code sluice.spec}; skipped where there is none. */
final class SpecificationExamplesTest {

    private static final int MUTATIONS = 100;

    private final long seed = Long.getLong("sluice.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @BeforeEach
    void needsTheSpecification() {
        assumeTrue(System.getProperty("sluice.spec") != null, "-Dsluice.spec names no folder");
    }

    @Test
    void compileOrUseSomethingThatIsNotAvailableYet() throws IOException {
        int compiled = 0;
        for (Path example : examples()) {
            List<String> violations = Documents.violations(Files.readString(example), Format.YAML);
            assertThat(violations)
                    .describedAs("%s", example.getFileName())
                    .allMatch(violation -> violation.contains("not available"));
            compiled += violations.isEmpty() ? 1 : 0;
        }
        assertThat(compiled).isGreaterThanOrEqualTo(15);
    }

    @Test
    void giveAWorkflowOrViolationsHoweverTheyAreMutated() throws IOException {
        for (Path example : examples()) {
            byte[] text = Files.readAllBytes(example);
            for (int i = 0; i < MUTATIONS; i++) {
                byte[] mutated = mutate(text);
                assertThat(outcome(mutated))
                        .describedAs("seed %d: %s%n%s", seed, example, new String(mutated, StandardCharsets.UTF_8))
                        .isTrue();
            }
        }
    }

    private static boolean outcome(byte[] text) {
        try {
            return WorkflowDocuments.read(text, Format.YAML, new RemoteDocuments())
                    .source()
                    .isObject();
        } catch (SluiceException e) {
            return e.type() == ProblemType.INVALID_DOCUMENT && !e.violations().isEmpty();
        }
    }

    private byte[] mutate(byte[] original) {
        byte[] text = original.clone();
        String interesting = "\n \t:-{}[]'\"$&*#|>!%@`\\/~,.0a\u0000\u00ff";
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length);
            switch (random.nextInt(3)) {
                case 0 -> text[at] = (byte) interesting.charAt(random.nextInt(interesting.length()));
                case 1 -> text[at] = text[random.nextInt(text.length)];
                default -> {
                    int length = Math.min(random.nextInt(40), text.length - at);
                    int from = random.nextInt(text.length - length + 1);
                    System.arraycopy(original, from, text, at, length);
                }
            }
        }
        return text;
    }

    private static List<Path> examples() throws IOException {
        Path folder = Path.of(System.getProperty("sluice.spec"), "examples");
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> examples = files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
            assertThat(examples).hasSizeGreaterThan(40);
            return examples;
        }
    }
}
