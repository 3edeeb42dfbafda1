package dev.sluice.loadtest.conformance;

import static io.cucumber.junit.platform.engine.Constants.EXECUTION_DRY_RUN_PROPERTY_NAME;
import static io.cucumber.junit.platform.engine.Constants.GLUE_PROPERTY_NAME;
import static io.cucumber.junit.platform.engine.Constants.PLUGIN_PUBLISH_QUIET_PROPERTY_NAME;

import io.cucumber.junit.platform.engine.CucumberTestEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Feature files run by Cucumber, within a test of Jupiter that has started the system. */
final class Features {

    /** Cucumber and nothing else: what watches this test run watches its scenarios with it. */
    private static final LauncherConfig CUCUMBER = LauncherConfig.builder()
            .enableTestEngineAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false)
            .addTestEngines(new CucumberTestEngine())
            .build();

    private Features() {}

    /**
     * What became of a scenario.
     *
     * @param tags    of feature and scenario, without the {@code @}
     * @param failure empty when all of its steps held
     */
    record Outcome(String feature, String scenario, Set<String> tags, Optional<Throwable> failure) {

        String name() {
            return feature + ": " + scenario;
        }
    }

    /** Runs all scenarios of a folder's files, in the order in which they stand there. */
    static List<Outcome> run(Path folder) {
        return run(folder, false);
    }

    /** All scenarios of a folder's files without any of them being run; one with a step that there is not fails. */
    static List<Outcome> read(Path folder) {
        return run(folder, true);
    }

    private static List<Outcome> run(Path folder, boolean dry) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectDirectory(folder.toFile()))
                .configurationParameter(GLUE_PROPERTY_NAME, Features.class.getPackageName())
                .configurationParameter(EXECUTION_DRY_RUN_PROPERTY_NAME, String.valueOf(dry))
                .configurationParameter(PLUGIN_PUBLISH_QUIET_PROPERTY_NAME, "true")
                .build();
        Outcomes outcomes = new Outcomes();
        LauncherFactory.create(CUCUMBER).execute(request, outcomes);
        return List.copyOf(outcomes.all);
    }

    /** One after the other, as scenarios are run. */
    private static final class Outcomes implements TestExecutionListener {

        private final List<Outcome> all = new ArrayList<>();
        private Optional<TestPlan> plan = Optional.empty();

        @Override
        public void testPlanExecutionStarted(TestPlan started) {
            plan = Optional.of(started);
        }

        /** What is no scenario has an outcome of its own only when it failed, such as a file that cannot be read. */
        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
            if (test.isTest() || !passed) {
                all.add(new Outcome(feature(test), test.getDisplayName(), tags(test), failure(result)));
            }
        }

        private String feature(TestIdentifier test) {
            return plan.flatMap(known -> known.getParent(test))
                    .map(TestIdentifier::getDisplayName)
                    .orElse("");
        }

        private static Optional<Throwable> failure(TestExecutionResult result) {
            return switch (result.getStatus()) {
                case SUCCESSFUL -> Optional.empty();
                case ABORTED, FAILED ->
                    result.getThrowable().or(() -> Optional.of(new AssertionError("It was not run to its end.")));
            };
        }

        private static Set<String> tags(TestIdentifier test) {
            Set<String> tags = new TreeSet<>();
            for (TestTag tag : test.getTags()) {
                tags.add(tag.getName());
            }
            return tags;
        }
    }
}
