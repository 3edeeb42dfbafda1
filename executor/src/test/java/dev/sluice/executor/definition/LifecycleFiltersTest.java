package dev.sluice.executor.definition;

import static dev.sluice.executor.definition.Documents.HEAD;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.shared.json.Json;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Filters of events that tell what becomes of runs (ADR 53). */
final class LifecycleFiltersTest {

    /** Only those that show that they want lifecycle events take them. */
    @Test
    void takeLifecycleEventsByTheirTypeOrAPatternOfThem() {
        assertThat(passing("io.serverlessworkflow.task.faulted.v1")).isEqualTo("io.serverlessworkflow.task.faulted.v1");
        assertThat(passing("io.serverlessworkflow.task.status-changed.v1"))
                .isEqualTo("io.serverlessworkflow.task.status-changed.v1");
        assertThat(passing("io.serverlessworkflow.workflow.(completed|faulted).v1"))
                .isEqualTo(LifecycleTypes.FAMILY);
        assertThat(passing("io.serverlessworkflow.*")).isEqualTo(LifecycleTypes.FAMILY);
        assertThat(passing("(io.serverlessworkflow.task.faulted.v1|com.example.failed)"))
                .isEqualTo(LifecycleTypes.FAMILY);
        assertThat(passing(".*")).isNull();
        assertThat(passing("${ true }")).isNull();
    }

    @Test
    void eachEventIsNoneOfThem() {
        JsonNode told = Json.read("""
                {"type":"io.serverlessworkflow.task.faulted.v1","source":"urn:sluice:run:1"}""".getBytes(UTF_8));
        assertThat(filter(".*").mismatch(told))
                .contains(
                        "It is a lifecycle event: only a filter whose 'type' is that or a pattern of such events takes it.");
        assertThat(filter("io.serverlessworkflow.task.*").mismatch(told)).isEmpty();
        assertThat(filter("io.serverlessworkflow.workflow.*").mismatch(told)).isPresent();
    }

    @Test
    void aWorkflowThatTakesThoseOfTasksIsKnown() {
        assertThat(workflow("io.serverlessworkflow.task.faulted.v1").watchesTasks())
                .isTrue();
        assertThat(workflow("io.serverlessworkflow.workflow.correlation-started.v1")
                        .watchesTasks())
                .isTrue();
        assertThat(workflow("io.serverlessworkflow.workflow.completed.v1").watchesTasks())
                .isFalse();
        assertThat(workflow("com.example.paid").watchesTasks()).isFalse();
        assertThat(WorkflowDocuments.read((HEAD + """
                do:
                  - inner: { do: [ hears: { listen: { to: { any: [ { with: { type: 'io.serverlessworkflow.task.*' } } ] } } } ] }
                """).getBytes(UTF_8), Format.YAML)
                        .watchesTasks())
                .isTrue();
    }

    private static @Nullable String passing(String type) {
        return filter(type).type();
    }

    private static EventFilter filter(String type) {
        return workflow(type).triggers().getFirst();
    }

    private static Workflow workflow(String type) {
        return WorkflowDocuments.read((HEAD + """
                schedule: { on: { one: { with: { type: '%s' } } } }
                do: [ a: { set: { x: 1 } } ]
                """.formatted(type)).getBytes(UTF_8), Format.YAML);
    }
}
