package dev.sluice.executor.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.Principal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
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
    void wakesARunThatListensForTheEndOfAnother() {
        deploy("watch", WATCH.formatted("completed", "work"));
        deploy("work", "do: [ { give: { set: { n: \"${ .n }\" } } } ]");
        String watching = begin("watch", "{}");
        executor.await(caller, watching, "waiting");

        String work = begin("work", "{\"n\":7}");

        JsonNode heard =
                executor.await(caller, watching, "completed").path("output").path(0);
        JsonNode ended = executor.await(caller, work, "completed");
        assertThat(heard.toString())
                .isEqualTo(Json.object()
                        .put("name", "work-" + ended.path("id").asString() + ".test")
                        .put("completedAt", ended.path("finishedAt").asString())
                        .put("outputUri", work)
                        .set("output", Json.object().put("n", 7))
                        .toString());
        assertThat(stored()).isEqualTo("completed");
        String id =
                database.value("select id from workflow.event where organization_id = '" + caller.organization() + "'");
        assertThat(lines(work))
                .as("who follows is told the same")
                .anyMatch(line -> line.contains("\"id\":\"" + id + "\""));
    }

    @Test
    void storesNothingThatNobodyListensFor() {
        Principal stranger = RunningExecutor.principal();
        assertThat(executor.deploy(stranger, "watch", WATCH.formatted("completed", "work")))
                .isNotEmpty();
        deploy("watch", WATCH.formatted("faulted", "work"));
        deploy("work", "do: [ { give: { set: { n: 1 } } } ]");
        String others = executor.ask(stranger, "POST", "/v1/workflows/test/watch/runs", "{}")
                .location();
        executor.await(stranger, others, "waiting");
        executor.await(caller, begin("watch", "{}"), "waiting");

        executor.await(caller, begin("work", "{}"), "completed");

        assertThat(stored()).isEmpty();
        executor.await(stranger, others, "waiting");
    }

    @Test
    void tellsOfStartsSuspensionsAndEndsOfEachKind() {
        for (String verb : List.of("started", "suspended", "resumed", "cancelled", "faulted")) {
            deploy(verb, WATCH.formatted(verb, "work"));
        }
        deploy("work", "do: [ { nap: { wait: PT1H } } ]");
        deploy("work-bad", "do: [ { fail: { raise: { error: { type: 'urn:x', status: 418, title: T } } } } ]");
        List<String> watching = List.of("started", "suspended", "resumed", "cancelled", "faulted").stream()
                .map(verb -> begin(verb, "{}"))
                .toList();
        watching.forEach(run -> executor.await(caller, run, "waiting"));

        String work = begin("work", "{}");
        executor.await(caller, work, "waiting");
        post(work + ":suspend");
        executor.await(caller, work, "suspended");
        post(work + ":resume");
        executor.await(caller, work, "waiting");
        post(work + ":cancel");
        begin("work-bad", "{}");

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
        deploy("each", "schedule: { on: { any: [] } }\ndo: [ { note: { set: { n: 1 } } } ]");
        deploy("audit", """
                schedule:
                  on: { one: { with: { type: %scompleted.v1, data: { name: 'work-.*' } } } }
                do: [ { note: { set: "${ .[0].output }" } } ]
                """.formatted(TYPE));
        deploy("work", "do: [ { give: { set: { n: \"${ .n }\" } } } ]");

        for (int n = 0; n < 5; n++) {
            begin("work", "{\"n\":" + n + "}");
        }

        eventually(() -> runs("audit", "completed").size() == 5);
        assertThat(runs("audit", "completed"))
                .map(run -> executor.ask(
                                caller, "GET", "/v1/runs/" + run.path("id").asString(), null)
                        .json()
                        .path("output")
                        .path("n")
                        .asInt())
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        // All that was stored has its receipt: nothing more will start.
        eventually(() -> database.value("select count(*) from workflow.event e where organization_id = '"
                        + caller.organization()
                        + "' and not exists (select from workflow.inbox i where i.event_id = e.id)")
                .equals("0"));
        assertThat(runs("each", "completed")).isEmpty();
        assertThat(runs("audit", "completed")).hasSize(5);
    }

    @Test
    void endsAChainOfRunsThatTheirOwnEndsStart() {
        deploy(
                "echo",
                "schedule: { on: { one: { with: { type: " + TYPE
                        + "completed.v1 } } } }\ndo: [ { n: { set: { n: 1 } } } ]");

        begin("echo", "{}");

        eventually(() -> runs("echo", "completed").size() == 7);
        assertThat(database.value("select string_agg(depth::text, ',' order by depth) from workflow.run_history"
                        + " where organization_id = '" + caller.organization() + "'"))
                .isEqualTo("0,1,2,3,4,5,6");
        assertThat(stored())
                .as("the last tells nothing")
                .isEqualTo("completed,completed,completed,completed,completed,completed");
    }

    @Test
    void tellsWhichTasksRestGoOnAndEndWithTheirRun() {
        deploy("rests", """
                do:
                  - both:
                      fork:
                        branches:
                          - nap: { wait: PT1H }
                          - paid: { listen: { to: { one: { with: { type: order.paid } } } } }
                """);
        String run = begin("rests", "{}");
        executor.await(caller, run, "waiting");
        post(run + ":suspend");
        executor.await(caller, run, "suspended");
        post(run + ":resume");
        executor.await(caller, run, "waiting");

        Flux<String> following = executor.lines(caller, run + "/events").cache();
        List<String> seen = new CopyOnWriteArrayList<>();
        var reading = following.subscribe(seen::add);
        eventually(() -> seen.stream().anyMatch(line -> line.contains("workflow.resumed.v1")));
        post(run + ":cancel");
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
        List<String> again = executor.lines(caller, run + "/events", "Last-Event-ID", "3")
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
        return executor.await(caller, run, "completed").path("output").path(0);
    }

    private List<String> lines(String run) {
        return executor.lines(caller, run + "/events")
                .collectList()
                .blockOptional(RunningExecutor.PATIENCE)
                .orElseThrow();
    }

    private List<JsonNode> runs(String workflow, String status) {
        return executor.ask(caller, "GET", "/v1/runs?limit=100&status=" + status + "&workflow=test/" + workflow, null)
                .json()
                .path("items")
                .valueStream()
                .toList();
    }

    /** The kinds of lifecycle events there are of the caller's runs. */
    private String stored() {
        return database.value("select coalesce(string_agg(split_part(type, '.', 4), ',' order by type), '')"
                + " from workflow.event where organization_id = '" + caller.organization() + "'");
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
