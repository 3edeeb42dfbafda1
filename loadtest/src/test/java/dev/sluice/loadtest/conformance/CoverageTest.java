package dev.sluice.loadtest.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.conformance.Features.Outcome;
import dev.sluice.loadtest.conformance.Properties.Property;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which property of the reference has a scenario, as docs/conformance.md tells; what becomes of them is ConformanceIT's. */
final class CoverageTest {

    private static final Path RESOURCES = Path.of("src", "test", "resources");
    private static final Path WRITTEN = Path.of("target", "conformance", "table.md");
    private static final Path DOCUMENT = Path.of("..", "docs", "conformance.md");

    private static final List<String> HEAD = """
            # Conformance

            What Sluice has of the [Open Workflow Specification](https://open-workflow-specification.org), DSL 1.0.3: each property of its
            reference, and the scenarios in `loadtest/src/test/resources/features` that are about it. A document that uses what is not
            available is refused when it is deployed. `CoverageTest` writes this file, `ConformanceIT` runs the scenarios.

            """.lines().toList();

    private final Properties properties = Properties.read(RESOURCES.resolve("properties.txt"));
    private final List<Outcome> scenarios = Features.read(RESOURCES.resolve("features"));

    @Test
    void hasEachPropertyOnce() {
        assertThat(properties.all()).hasSizeGreaterThan(300);
        assertThat(properties.all().stream().map(Property::name)).doesNotHaveDuplicates();
    }

    @Test
    void knowsAllStepsAndTagsOfEachScenario() {
        assertThat(scenarios)
                .hasSizeGreaterThan(150)
                .allSatisfy(scenario ->
                        assertThat(scenario.failure()).as(scenario.name()).isEmpty());
        assertThat(properties.wrong(scenarios))
                .as("scenarios without a tag, or with one that is no property in properties.txt")
                .isEmpty();
    }

    @Test
    void findsTagsThatAreNoProperty() {
        Properties few = Properties.of(List.of("# Task", "task.if", "task.then - not available"));
        Outcome right = scenario("task.then");
        Outcome half = scenario("task.then", "task.iff");

        assertThat(few.wrong(List.of(right))).isEmpty();
        assertThat(few.wrong(List.of(right, half, scenario()))).hasSize(2);
        assertThat(few.covered(List.of(right)))
                .contains("| `task.if` | no scenario |", "| `task.then` | not available<br>Any: scenario |");
    }

    @Test
    void isToldByTheDocument() throws IOException {
        List<String> table = new ArrayList<>(HEAD);
        table.add(properties.counts(scenarios));
        table.addAll(properties.covered(scenarios));
        Files.createDirectories(WRITTEN.getParent());
        Files.write(WRITTEN, table);
        assertThat(Files.exists(DOCUMENT) ? Files.readAllLines(DOCUMENT) : List.<String>of())
                .as("docs/conformance.md is not of these scenarios; copy loadtest/target/conformance/table.md over it")
                .isEqualTo(table);
    }

    private static Outcome scenario(String... tags) {
        return new Outcome("Any", "scenario", Set.of(tags), Optional.empty());
    }
}
