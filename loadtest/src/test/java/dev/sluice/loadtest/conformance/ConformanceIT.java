package dev.sluice.loadtest.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.sluice.loadtest.conformance.Examples.Deployed;
import dev.sluice.loadtest.conformance.Features.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sluice beside the specification, scenario by scenario. */
@Timeout(unit = TimeUnit.MINUTES, value = 6)
final class ConformanceIT {

    private static final Path RESOURCES = Path.of("src", "test", "resources");
    private static final Path REPORTS = Path.of("target", "conformance");

    private static TestedSystem system;

    @BeforeAll
    static void start(@TempDir Path folder) {
        system = TestedSystem.start(folder);
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @TestFactory
    Stream<DynamicTest> keepsToTheSpecification() throws IOException {
        return scenarios(RESOURCES.resolve("features"), "features");
    }

    /** The CTK is not part of this repository; surefire shows as skipped what is a test, and not a factory of none. */
    @TestFactory
    Stream<DynamicTest> passesTheConformanceTestKit() throws IOException {
        String ctk = System.getProperty("ctk", "");
        return ctk.isBlank()
                ? Stream.of(DynamicTest.dynamicTest(
                        "the CTK", () -> abort("-Dctk=DIR names the folder ctk of a checkout of the specification")))
                : scenarios(Path.of(ctk, "features"), "ctk");
    }

    /** All but those that use what there is not, and for no other reason. */
    @Test
    void deploysTheExamplesOfTheSpecification() throws IOException {
        String specification = System.getProperty("sluice.spec", "");
        assumeFalse(specification.isBlank(), "-Dsluice.spec=DIR names a folder with the specification's examples");
        List<Deployed> examples = Examples.deploy(Path.of(specification, "examples"));
        Files.createDirectories(REPORTS);
        Files.write(
                REPORTS.resolve("examples.txt"),
                examples.stream().map(Deployed::line).toList());
        assertThat(examples)
                .hasSizeGreaterThan(40)
                .allSatisfy(example -> assertThat(example.reasons())
                        .as(example.file())
                        .allMatch(reason -> reason.contains("not available")));
    }

    /** Otherwise nobody would notice that a step holds whatever happens. */
    @Test
    void failsAScenarioThatDoesNotHold() {
        List<Outcome> outcomes = Features.run(RESOURCES.resolve("features-that-fail"));
        assertThat(outcomes).hasSizeGreaterThan(10);
        assertThat(outcomes)
                .allSatisfy(outcome -> assertThat(outcome.failure())
                        .as(outcome.name())
                        .hasValueSatisfying(failure -> assertThat(failure).isInstanceOf(AssertionError.class)));
    }

    private static Stream<DynamicTest> scenarios(Path folder, String report) throws IOException {
        List<Outcome> outcomes = Features.run(folder);
        assertThat(outcomes).as("scenarios in %s", folder).isNotEmpty();
        Files.createDirectories(REPORTS);
        Files.write(
                REPORTS.resolve(report + ".txt"),
                outcomes.stream().map(ConformanceIT::line).toList());
        return outcomes.stream()
                .map(outcome -> DynamicTest.dynamicTest(outcome.name(), () -> {
                    if (outcome.failure().isPresent()) {
                        throw outcome.failure().get();
                    }
                }));
    }

    private static String line(Outcome outcome) {
        return "%s\t%s\t%s"
                .formatted(
                        outcome.failure().isPresent() ? "fails" : "passes",
                        outcome.name(),
                        String.join(" ", outcome.tags()));
    }
}
