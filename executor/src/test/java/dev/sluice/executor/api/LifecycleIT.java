package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** What is told of runs: to whoever follows one, and to workflows that listen for lifecycle events of others. */
@Timeout(120)
class LifecycleIT {

    private static final String TYPE = "io.serverlessworkflow.workflow.";

    /** Waits for the end of a run of a workflow. */
    private static final String WATCH = """
            do:
              - ended:
                  listen:
                    to:
                      one:
                        with:
                          type: io.serverlessworkflow.workflow.%s.v1
                          data: "${ .name | startswith(\\"%s-\\") }"
            """;

    @AutoClose
    private static final Cluster CLUSTER = Cluster.start(1, "sluice.executor.max-depth=6");

    private final Tenant tenant = CLUSTER.tenant();

    @Test
    void wakesARunThatListensForTheEndOfAnother() {
        tenant.deploy("watch", WATCH.formatted("completed", "work"));
        tenant.deploy("work", "do: [ { give: { set: { n: \"${ .n }\" } } } ]");
        String watching = tenant.begin("watch", "{}");
        tenant.await(watching, "waiting");

        String work = tenant.begin("work", "{\"n\":7}");

        JsonNode heard = tenant.output(watching).path(0);
        JsonNode ended = tenant.await(work, "completed");
        assertThat(heard.toString())
                .isEqualTo(Json.object()
                        .put("name", "work-" + ended.path("id").asString() + ".test")
                        .put("completedAt", ended.path("finishedAt").asString())
                        .put("outputUri", work)
                        .set("output", Json.object().put("n", 7))
                        .toString());
        assertThat(stored()).isEqualTo("completed");
        String id = CLUSTER.database.value(
                "select id from workflow.event where organization_id = '" + tenant.organization() + "'");
        assertThat(lines(work))
                .as("who follows is told the same")
                .anyMatch(line -> line.contains("\"id\":\"" + id + "\""));
    }

    @Test
    void storesNothingThatNobodyListensFor() {
        Tenant stranger = CLUSTER.tenant();
        stranger.deploy("watch", WATCH.formatted("completed", "work"));
        tenant.deploy("watch", WATCH.formatted("faulted", "work"));
        tenant.deploy("work", "do: [ { give: { set: { n: 1 } } } ]");
        String others = stranger.begin("watch", "{}");
        stranger.await(others, "waiting");
        tenant.await(tenant.begin("watch", "{}"), "waiting");

        tenant.await(tenant.begin("work", "{}"), "completed");

        assertThat(stored()).isEmpty();
        stranger.await(others, "waiting");
    }

    @Test
    void tellsOfStartsSuspensionsAndEndsOfEachKind() {
        for (String verb : List.of("started", "suspended", "resumed", "cancelled", "faulted")) {
            tenant.deploy(verb, WATCH.formatted(verb, "work"));
        }
        tenant.deploy("work", "do: [ { nap: { wait: PT1H } } ]");
        tenant.deploy("work-bad", "do: [ { fail: { raise: { error: { type: 'urn:x', status: 418, title: T } } } } ]");
        List<String> watching = List.of("started", "suspended", "resumed", "cancelled", "faulted").stream()
                .map(verb -> tenant.begin(verb, "{}"))
                .toList();
        watching.forEach(run -> tenant.await(run, "waiting"));

        String work = tenant.begin("work", "{}");
        tenant.await(work, "waiting");
        tenant.post(work + ":suspend");
        tenant.await(work, "suspended");
        tenant.post(work + ":resume");
        tenant.await(work, "waiting");
        tenant.post(work + ":cancel");
        tenant.begin("work-bad", "{}");

        JsonNode started = heard(watching.getFirst());
        assertThat(started.path("definition").path("name").asString()).isEqualTo("work");
        assertThat(started.propertyNames()).containsExactly("name", "definition", "startedAt");
        assertThat(heard(watching.get(1)).propertyNames()).containsExactly("name", "suspendedAt");
        assertThat(heard(watching.get(2)).propertyNames()).containsExactly("name", "resumedAt");
        assertThat(heard(watching.get(3)).propertyNames()).containsExactly("name", "cancelledAt");
        JsonNode faulted = heard(watching.get(4));
        assertThat(faulted.propertyNames()).containsExactly("name", "faultedAt", "error");
        assertThat(faulted.path("error").path("status").asInt()).isEqualTo(418);
        assertThat(stored().split(",", -1)).containsOnly("cancelled", "faulted", "resumed", "started", "suspended");
    }

    /** Once each, by whichever workflow asks for them; not by those that take "each event". */
    @Test
    void startsWorkflowsOnTheEndsOfOthers() {
        tenant.deploy("each", "schedule: { on: { any: [] } }\ndo: [ { note: { set: { n: 1 } } } ]");
        tenant.deploy("audit", """
                schedule:
                  on: { one: { with: { type: %scompleted.v1, data: { name: 'work-.*' } } } }
                do: [ { note: { set: "${ .[0].output }" } } ]
                """.formatted(TYPE));
        tenant.deploy("work", "do: [ { give: { set: { n: \"${ .n }\" } } } ]");

        for (int n = 0; n < 5; n++) {
            tenant.begin("work", "{\"n\":" + n + "}");
        }

        eventually(() -> tenant.runs("audit", "completed").size() == 5);
        assertThat(tenant.outputs("audit"))
                .map(output -> output.path("n").asInt())
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        tenant.awaitRest();
        assertThat(tenant.runs("each", "completed")).isEmpty();
        assertThat(tenant.runs("audit", "completed")).hasSize(5);
    }

    @Test
    void endsAChainOfRunsThatTheirOwnEndsStart() {
        tenant.deploy(
                "echo",
                "schedule: { on: { one: { with: { type: " + TYPE
                        + "completed.v1 } } } }\ndo: [ { n: { set: { n: 1 } } } ]");

        tenant.begin("echo", "{}");

        eventually(() -> tenant.runs("echo", "completed").size() == 7);
        assertThat(CLUSTER.database.value("select string_agg(depth::text, ',' order by depth) from workflow.run_history"
                        + " where organization_id = '" + tenant.organization() + "'"))
                .isEqualTo("0,1,2,3,4,5,6");
        assertThat(stored())
                .as("the last tells nothing")
                .isEqualTo("completed,completed,completed,completed,completed,completed");
    }

    @Test
    void tellsWhichTasksRestGoOnAndEndWithTheirRun() {
        tenant.deploy("rests", """
                do:
                  - both:
                      fork:
                        branches:
                          - nap: { wait: PT1H }
                          - paid: { listen: { to: { one: { with: { type: order.paid } } } } }
                """);
        String run = tenant.begin("rests", "{}");
        tenant.await(run, "waiting");
        tenant.post(run + ":suspend");
        tenant.await(run, "suspended");
        tenant.post(run + ":resume");
        tenant.await(run, "waiting");

        Flux<String> following = tenant.lines(run + "/events").cache();
        List<String> seen = new CopyOnWriteArrayList<>();
        var reading = following.subscribe(seen::add);
        eventually(() -> seen.stream().anyMatch(line -> line.contains("workflow.resumed.v1")));
        tenant.post(run + ":cancel");
        assertThat(following.blockLast(RunningExecutor.PATIENCE)).isNotNull();
        reading.dispose();

        List<String> told = seen.stream()
                .filter(line -> line.startsWith("data:"))
                .map(line -> Json.read(line.substring("data:".length()).getBytes(UTF_8)))
                .map(LifecycleIT::words)
                .toList();
        assertThat(told)
                .containsSubsequence(
                        "workflow.started",
                        "task.created nap",
                        "task.started nap",
                        "task.suspended both",
                        "workflow.suspended",
                        "task.resumed both",
                        "workflow.resumed",
                        "task.cancelled both",
                        "workflow.cancelled")
                .contains(
                        "workflow.correlation-started",
                        "task.started paid",
                        "task.suspended nap",
                        "task.suspended paid",
                        "task.resumed nap",
                        "task.resumed paid",
                        "task.cancelled nap",
                        "task.cancelled paid");
        List<String> again = tenant.lines(run + "/events", "Last-Event-ID", "3")
                .filter(line -> line.startsWith("event:"))
                .collectList()
                .blockOptional(RunningExecutor.PATIENCE)
                .orElseThrow();
        assertThat(again).as("from where it was").first().asString().endsWith("task.resumed.v1");
    }

    private static String words(JsonNode event) {
        String type = event.path("type").asString();
        String task = event.path("data").path("task").asString("");
        String name = task.substring(task.lastIndexOf('/') + 1);
        return (type.substring("io.serverlessworkflow.".length(), type.length() - ".v1".length()) + " " + name).strip();
    }

    private JsonNode heard(String run) {
        return tenant.output(run).path(0);
    }

    private List<String> lines(String run) {
        return tenant.lines(run + "/events")
                .collectList()
                .blockOptional(RunningExecutor.PATIENCE)
                .orElseThrow();
    }

    /** The kinds of lifecycle events there are of the tenant's runs. */
    private String stored() {
        return CLUSTER.database.value("select coalesce(string_agg(split_part(type, '.', 4), ',' order by type), '')"
                + " from workflow.event where organization_id = '" + tenant.organization() + "'");
    }
}
