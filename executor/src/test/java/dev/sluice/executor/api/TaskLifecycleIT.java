package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Workflows that listen for what happens to tasks of others. */
@Timeout(120)
class TaskLifecycleIT {

    /** A workflow that runs once for each event of a type. */
    private static final String AUDIT = """
            schedule: { on: { one: { with: { type: '%s' } } } }
            do: [ { note: { set: "${ .[0] }" } } ]
            """;

    @AutoClose
    private static final Cluster CLUSTER = Cluster.start(1, "sluice.executor.max-depth=6");

    private final Tenant tenant = CLUSTER.tenant();

    @Test
    void startsAWorkflowForEachTaskOfAnother() {
        tenant.deploy("audit", AUDIT.formatted("io.serverlessworkflow.task.completed.v1"));
        tenant.deploy("work", """
                do:
                  - first: { set: { n: 1 } }
                  - each:
                      for: { in: "${ [1, 2, 3] }" }
                      do: [ inner: { set: { n: 2 } } ]
                  - last: { set: { n: 3 } }
                """);

        tenant.begin("work", "{}");

        eventually(() -> tenant.runs("audit", "completed").size() == 6);
        assertThat(tasks("audit"))
                .containsExactlyInAnyOrder(
                        "/do/0/first",
                        "/do/1/each/do/0/inner",
                        "/do/1/each/do/0/inner",
                        "/do/1/each/do/0/inner",
                        "/do/1/each",
                        "/do/2/last");
        tenant.awaitRest();
        assertThat(tenant.runs("audit", "completed"))
                .as("nor is it told of itself")
                .hasSize(6);
    }

    /** Whoever takes the run up, for whatever is wanted of it, knows who listens by then. */
    @Test
    void tellsOfTasksThatRestAndEndWithTheirRun() {
        tenant.deploy("work", "do: [ { nap: { wait: PT1H } } ]");
        String run = tenant.begin("work", "{}");
        tenant.await(run, "waiting");
        tenant.deploy("audit", AUDIT.formatted("io\\.serverlessworkflow\\.task\\.(suspended|resumed|cancelled)\\.v1"));

        tenant.post(run + ":suspend");
        tenant.await(run, "suspended");
        tenant.post(run + ":resume");
        tenant.await(run, "waiting");
        tenant.post(run + ":cancel");
        tenant.await(run, "cancelled");

        eventually(() -> tenant.runs("audit", "completed").size() == 3);
        assertThat(tenant.outputs("audit"))
                .flatExtracting(JsonNode::propertyNames)
                .contains("suspendedAt", "resumedAt", "cancelledAt");
        assertThat(tasks("audit")).containsOnly("/do/0/nap");
    }

    @Test
    void comesToRestWhenTwoWatchOneAnother() {
        for (String name : List.of("one", "other")) {
            tenant.deploy(name, AUDIT.formatted("io.serverlessworkflow.task.started.v1"));
        }
        tenant.deploy("work", "do: [ { first: { set: { n: 1 } } } ]");

        tenant.begin("work", "{}");

        eventually(() -> tenant.runs("one", "completed").size() == 1
                && tenant.runs("other", "completed").size() == 1);
        tenant.awaitRest();
        assertThat(tenant.runs("one", "completed")).hasSize(1);
    }

    /** What is told starts a run, which emits what starts another, whose tasks are told of again. */
    @Test
    void endsAChainThatGoesByOthers() {
        tenant.deploy("audit", """
                schedule: { on: { one: { with: { type: io.serverlessworkflow.task.started.v1 } } } }
                do: [ { cry: { emit: { event: { with: { source: 'urn:x', type: order.cried } } } } } ]
                """);
        tenant.deploy("work", """
                schedule: { on: { one: { with: { type: order.cried } } } }
                do: [ { first: { set: { n: 1 } } } ]
                """);

        tenant.begin("work", "{}");

        eventually(() -> tenant.runs("work", "completed").size() == 2);
        tenant.awaitRest();
        assertThat(tenant.runs("work", "completed")).hasSize(2);
        assertThat(tenant.runs("audit", "completed")).hasSize(1);
    }

    /** What stands for one in the index is nobody's type. */
    @Test
    void showsNoTypeForAPattern() {
        tenant.deploy("audit", AUDIT.formatted("(io.serverlessworkflow.task.faulted.v1|com.example.failed)"));

        JsonNode shown = tenant.get("/v1/workflows/test/audit").path("triggers").path(0);
        assertThat(shown.has("type")).isTrue();
        assertThat(shown.path("type").isNull()).isTrue();
    }

    private List<String> tasks(String workflow) {
        return tenant.outputs(workflow).stream()
                .map(output -> output.path("task").asString())
                .toList();
    }
}
