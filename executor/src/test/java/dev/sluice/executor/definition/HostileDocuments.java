package dev.sluice.executor.definition;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import java.time.Duration;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What hostile documents are made of. */
final class HostileDocuments {

    /** Each takes a second or so at most; what is not bounded takes minutes. */
    static final Duration HANG = Duration.ofSeconds(60);

    private HostileDocuments() {}

    /** So many tasks. */
    static String list(int count, IntFunction<String> task) {
        return IntStream.range(0, count)
                .mapToObj(index -> "  - " + task.apply(index) + "\n")
                .collect(Collectors.joining("", "do:\n", ""));
    }

    /** A task in so many others. */
    static String nested(int levels) {
        return "do: " + "[{t: {do: ".repeat(levels) + "[{ s: { set: { x: 1 } } }]" + "}}]".repeat(levels);
    }

    /** What is wrong with a document, told in time. */
    static List<String> violations(String yaml) {
        return assertTimeoutPreemptively(HANG, () -> Documents.violations(yaml, Format.YAML));
    }
}
