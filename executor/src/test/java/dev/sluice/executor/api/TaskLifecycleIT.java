package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.tenancy.Principal;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Workflows that listen for what happens to tasks of others. */
@Timeout(120)
class TaskLifecycleIT {

    /** A workflow that runs once for each event of a type. */
    private static final String AUDIT = """
            schedule: { on: { one: { with: { type: '%s' } } } }
            do: [ { note: { set: "${ .[0] }" } } ]
            """;

    private static ExecutorDatabase database;
    private static RunningExecutor executor;
    private static TestStreams streams;

    private final Principal caller = RunningExecutor.principal();

    @BeforeAll
    static void start() {
        streams = TestStreams.emptied(100_000);
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings(), "sluice.executor.max-depth=6");
    }

    @AfterAll
    static void stop() {
        executor.close();
        streams.close();
        database.close();
    }

    @Test
    void startsAWorkflowForEachTaskOfAnother() {
        deploy("audit", AUDIT.formatted("io.serverlessworkflow.task.completed.v1"));
        deploy("work", """
                do:
                  - first: { set: { n: 1 } }
                  - each:
                      for: { in: "${ [1, 2, 3] }" }
                      do: [ inner: { set: { n: 2 } } ]
                  - last: { set: { n: 3 } }
                """);

        begin("work", "{}");

        eventually(() -> runs("audit", "completed").size() == 6);
        assertThat(tasks("audit"))
                .containsExactlyInAnyOrder(
                        "/do/0/first",
                        "/do/1/each/do/0/inner",
                        "/do/1/each/do/0/inner",
                        "/do/1/each/do/0/inner",
                        "/do/1/each",
                        "/do/2/last");
        received();
        assertThat(runs("audit", "completed")).as("nor is it told of itself").hasSize(6);
    }

    /** Whoever takes the run up, for whatever is wanted of it, knows who listens by then. */
    @Test
    void tellsOfTasksThatRestAndEndWithTheirRun() {
        deploy("work", "do: [ { nap: { wait: PT1H } } ]");
        String run = begin("work", "{}");
        executor.await(caller, run, "waiting");
        deploy("audit", AUDIT.formatted("io\\.serverlessworkflow\\.task\\.(suspended|resumed|cancelled)\\.v1"));

        post(run + ":suspend");
        executor.await(caller, run, "suspended");
        post(run + ":resume");
        executor.await(caller, run, "waiting");
        post(run + ":cancel");
        executor.await(caller, run, "cancelled");

        eventually(() -> runs("audit", "completed").size() == 3);
        assertThat(outputs("audit"))
                .flatExtracting(JsonNode::propertyNames)
                .contains("suspendedAt", "resumedAt", "cancelledAt");
        assertThat(tasks("audit")).containsOnly("/do/0/nap");
    }

    @Test
    void comesToRestWhenTwoWatchOneAnother() {
        for (String name : List.of("one", "other")) {
            deploy(name, AUDIT.formatted("io.serverlessworkflow.task.started.v1"));
        }
        deploy("work", "do: [ { first: { set: { n: 1 } } } ]");

        begin("work", "{}");

        eventually(() -> runs("one", "completed").size() == 1
                && runs("other", "completed").size() == 1);
        received();
        assertThat(runs("one", "completed")).hasSize(1);
    }

    /** What is told starts a run, which emits what starts another, whose tasks are told of again. */
    @Test
    void endsAChainThatGoesByOthers() {
        deploy("audit", """
                schedule: { on: { one: { with: { type: io.serverlessworkflow.task.started.v1 } } } }
                do: [ { cry: { emit: { event: { with: { source: 'urn:x', type: order.cried } } } } } ]
                """);
        deploy("work", """
                schedule: { on: { one: { with: { type: order.cried } } } }
                do: [ { first: { set: { n: 1 } } } ]
                """);

        begin("work", "{}");

        eventually(() -> runs("work", "completed").size() == 2);
        received();
        assertThat(runs("work", "completed")).hasSize(2);
        assertThat(runs("audit", "completed")).hasSize(1);
    }

    /** What stands for one in the index is nobody's type. */
    @Test
    void showsNoTypeForAPattern() {
        deploy("audit", AUDIT.formatted("(io.serverlessworkflow.task.faulted.v1|com.example.failed)"));

        JsonNode shown = executor.ask(caller, "GET", "/v1/workflows/test/audit", null)
                .json()
                .path("triggers")
                .path(0);
        assertThat(shown.has("type")).isTrue();
        assertThat(shown.path("type").isNull()).isTrue();
    }

    private List<String> tasks(String workflow) {
        return outputs(workflow).stream()
                .map(output -> output.path("task").asString())
                .toList();
    }

    private List<JsonNode> outputs(String workflow) {
        return runs(workflow, "completed").stream()
                .map(run -> executor.ask(
                                caller, "GET", "/v1/runs/" + run.path("id").asString(), null)
                        .json()
                        .path("output"))
                .toList();
    }

    private List<JsonNode> runs(String workflow, String status) {
        return executor.ask(caller, "GET", "/v1/runs?limit=100&status=" + status + "&workflow=test/" + workflow, null)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    /** Waits until all that was stored has its receipt, and all runs have ended: nothing more will start. */
    private void received() {
        String owner = "organization_id = '" + caller.organization() + "'";
        eventually(() -> database.value("select (select count(*) from workflow.event e where " + owner
                        + " and not exists (select from workflow.inbox i where i.event_id = e.id))"
                        + " + (select count(*) from workflow.run where " + owner + ")")
                .equals("0"));
    }

    private void deploy(String name, String body) {
        assertThat(executor.deploy(caller, name, body)).endsWith(name);
    }

    @CanIgnoreReturnValue
    private String begin(String name, String input) {
        return executor.ask(caller, "POST", "/v1/workflows/test/" + name + "/runs", input)
                .location();
    }

    private void post(String path) {
        assertThat(executor.ask(caller, "POST", path, "").status()).isEqualTo(202);
    }

    private static void eventually(BooleanSupplier condition) {
        assertThat(Flux.interval(Duration.ofMillis(50), Schedulers.boundedElastic())
                        .onBackpressureDrop()
                        .map(tick -> condition.getAsBoolean())
                        .filter(now -> now)
                        .blockFirst(RunningExecutor.PATIENCE))
                .isTrue();
    }
}
