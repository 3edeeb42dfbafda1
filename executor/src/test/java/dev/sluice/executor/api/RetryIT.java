package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** Runs that go on after they ended. */
class RetryIT {

    private static RunningExecutor executor;
    private static ScriptedUpstream upstream;

    private final Principal caller = RunningExecutor.principal();

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        executor = RunningExecutor.start(TestPostgres.freshDatabase());
    }

    @AfterAll
    static void stop() {
        executor.close();
        upstream.close();
    }

    @BeforeEach
    void refuse() {
        upstream.mood = 503;
        upstream.moodyKeys.clear();
        upstream.keys.clear();
    }

    @Test
    void goesOnFromTheTaskThatFailed() {
        String run = faulted("mended");
        JsonNode before = executor.ask(caller, "GET", run, null).json();
        upstream.mood = 200;

        Answer retried = post(run + ":retry");

        assertThat(retried.status()).isEqualTo(202);
        assertThat(retried.json().path("status").asString()).isIn("pending", "running");
        JsonNode after = executor.await(caller, run, "completed");
        assertThat(after.path("output").path("mood").asInt()).isEqualTo(200);
        for (String kept : List.of("createdAt", "startedAt", "input", "trigger", "workflow")) {
            assertThat(after.path(kept)).as(kept).isEqualTo(before.path(kept));
        }
        assertThat(upstream.keys).as("calls that had ended well").hasSize(1);
        assertThat(upstream.moodyKeys).hasSize(2).doesNotHaveDuplicates();
        assertThat(post(run + ":retry").status()).as("it has not faulted now").isEqualTo(409);
    }

    @Test
    void goesOnOnceHoweverManyAsk() {
        String run = faulted("crowd");

        List<Integer> answers = Objects.requireNonNull(Flux.range(0, 10)
                .flatMap(
                        i -> Mono.fromCallable(() -> post(run + ":retry").status())
                                .subscribeOn(Schedulers.boundedElastic()),
                        10)
                .collectList()
                .block(RunningExecutor.PATIENCE));

        // It faults again, and may be retried again by a caller who comes late.
        assertThat(answers).contains(202, 409).containsOnly(202, 409);
        executor.await(caller, run, "faulted");
        int won = (int) answers.stream().filter(status -> status == 202).count();
        assertThat(upstream.moodyKeys).hasSize(1 + won).doesNotHaveDuplicates();
    }

    @Test
    void tellsWatchersOfBothEndsInOrder() {
        String run = faulted("watched");
        List<String> first = ids(run);
        String end = first.getLast();
        upstream.mood = 200;
        assertThat(post(run + ":retry").status()).isEqualTo(202);
        executor.await(caller, run, "completed");

        List<String> whole = ids(run);
        assertThat(whole).startsWith(first.toArray(String[]::new)).doesNotHaveDuplicates();
        assertThat(ids(run, "Last-Event-ID", end)).isEqualTo(whole.subList(first.size(), whole.size()));
        assertThat(ids(run, "Last-Event-ID", first.get(first.size() - 2)))
                .as("for who had missed the end")
                .isEqualTo(whole.subList(first.size() - 1, whole.size()));
        assertThat(whole).isSortedAccordingTo((a, b) -> Integer.compare(Integer.parseInt(a), Integer.parseInt(b)));
        assertThat(types(run))
                .containsSubsequence("workflow.faulted.v1", "workflow.resumed.v1", "workflow.completed.v1");
    }

    @Test
    void runsAgainFromATask() {
        upstream.mood = 200;
        String run = start("rerun");
        executor.await(caller, run, "completed");
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: rerun, version: '2.0.0' }
                do: [ { other: { set: { version: 2 } } } ]
                """;
        assertThat(executor.ask(caller, "POST", "/v1/workflows", document, "Content-Type", "application/yaml")
                        .status())
                .isEqualTo(201);

        assertThat(rerun(run, "{\"from\":\"/do/1/moody\"}").status()).isEqualTo(202);
        executor.await(caller, run, "completed");
        assertThat(upstream.keys).hasSize(1);
        assertThat(upstream.moodyKeys).hasSize(2).doesNotHaveDuplicates();

        assertThat(rerun(run, "").status()).isEqualTo(202);
        JsonNode ended = executor.await(caller, run, "completed");
        assertThat(ended.path("workflow").path("version").asString()).isEqualTo("1.0.0");
        assertThat(upstream.keys).hasSize(2).doesNotHaveDuplicates();
        assertThat(upstream.moodyKeys).hasSize(3).doesNotHaveDuplicates();
        assertThat(types(run)).filteredOn("workflow.completed.v1"::equals).hasSize(3);
    }

    @Test
    void saysWhereARerunCanBegin() {
        String workflow = executor.deploy(caller, "places", """
                do:
                  - both:
                      fork: { branches: [ { a: { set: { a: 1 } } } ] }
                  - stop: { raise: { error: { type: 'urn:no', status: 400 } } }
                  - never: { set: { a: 1 } }
                """);
        String run = executor.ask(caller, "POST", workflow + "/runs", "{}").location();
        executor.await(caller, run, "faulted");

        Answer inside = rerun(run, "{\"from\":\"/do/0/both/fork/branches/0/a\"}");
        assertThat(inside.status()).isEqualTo(400);
        assertThat(inside.json().path("detail").asString()).contains("inside '/do/0/both', a 'fork' task");
        assertThat(rerun(run, "{\"from\":\"/do/7/what\"}").status()).isEqualTo(400);
        assertThat(rerun(run, "{\"task\":1}").status()).isEqualTo(400);
        assertThat(rerun(run, "{\"from\":\"/do/2/never\"}").status()).isEqualTo(409);
        assertThat(rerun(run, "{\"from\":\"/do/1/stop\"}").status()).isEqualTo(202);
        executor.await(caller, run, "faulted");
        assertThat(executor.ask(RunningExecutor.principal(), "POST", run + ":rerun", "")
                        .status())
                .isEqualTo(404);
        assertThat(executor.ask(RunningExecutor.principal(), "POST", run + ":retry", "")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void retriesManyByWhatTheyEndedWith() {
        List<String> runs = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            runs.add(faulted("many" + i % 2));
        }
        String other = executor.deploy(
                caller, "own", "do: [ { stop: { raise: { error: { type: 'urn:own', status: 400 } } } } ]");
        String own = executor.ask(caller, "POST", other + "/runs", "{}").location();
        executor.await(caller, own, "faulted");
        upstream.mood = 200;

        assertThat(many(RunningExecutor.principal(), "{}").path("retried")).isEmpty();
        assertThat(many(caller, "{\"finishedBefore\":\"2020-01-01T00:00:00Z\"}").path("retried"))
                .isEmpty();
        JsonNode one = many(caller, "{\"workflow\":\"test/many0\",\"limit\":1}");
        assertThat(one.path("retried")).hasSize(1);
        assertThat(one.path("more").asBoolean()).isTrue();
        assertThat("/v1/runs/" + one.path("retried").get(0).asString()).isEqualTo(runs.getFirst());
        JsonNode byType = many(caller, "{\"errorType\":\"urn:own\",\"finishedAfter\":\"2020-01-01T00:00:00Z\"}");
        assertThat(byType.path("retried")).hasSize(1);
        assertThat(byType.path("more").asBoolean()).isFalse();
        executor.await(caller, own, "faulted");
        assertThat(many(caller, "").path("retried")).hasSize(3);
        runs.forEach(run -> executor.await(caller, run, "completed"));
        Answer bad = executor.ask(caller, "POST", "/v1/runs:retry", "{\"limit\":1001,\"workflow\":\"x\",\"odd\":1}");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.json().path("errors")).hasSize(3);
        assertThat(executor.ask(caller, "GET", "/v1/runs:retry", null).status()).isEqualTo(405);
    }

    @Test
    void showsTheJournalInPages() {
        String run = faulted("shown");
        String big = executor.deploy(caller, "big", """
                do: [ { fix: { set: { text: "${ [range(9000)] | tostring }" }, metadata: { sluice: { journal: true } } } } ]
                """);
        String large = executor.ask(caller, "POST", big + "/runs", "{}").location();
        executor.await(caller, large, "completed");

        JsonNode page =
                executor.ask(caller, "GET", run + "/journal?limit=1", null).json();
        assertThat(page.path("items")).hasSize(1);
        assertThat(page.path("items").get(0).path("kind").asString()).isEqualTo("completed");
        assertThat(page.path("items").get(0).path("task").asString()).isEqualTo("/do/0/echo");
        JsonNode next = executor.ask(
                        caller,
                        "GET",
                        run + "/journal?cursor=" + page.path("next").asString(),
                        null)
                .json();
        assertThat(next.path("next").isNull()).isTrue();
        assertThat(next.path("items").get(0).path("kind").asString()).isEqualTo("failed");
        assertThat(next.path("items")
                        .get(0)
                        .path("payload")
                        .path("error")
                        .path("status")
                        .asInt())
                .isEqualTo(503);
        JsonNode line = executor.ask(caller, "GET", large + "/journal", null)
                .json()
                .path("items")
                .get(0);
        assertThat(line.has("payload")).isFalse();
        assertThat(line.path("payloadBytes").asInt()).isGreaterThan(40_000);
        assertThat(executor.ask(RunningExecutor.principal(), "GET", run + "/journal", null)
                        .status())
                .isEqualTo(404);
        assertThat(executor.ask(caller, "GET", run + "/journal?cursor=bm8", null)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void startsNoSecondTickWhenARetriedRunEndsAgain() {
        // The schedule goes on beyond this test, so it makes calls that nobody counts.
        String workflow = executor.deploy(caller, "after", """
                schedule: { after: { seconds: 3 } }
                do: [ { refused: { call: http, with: { method: get, endpoint: "%s" } } } ]
                """.formatted(upstream.url("/status/503")));
        executor.awaitRuns(caller, 1);
        JsonNode first = executor.ask(caller, "GET", "/v1/runs", null)
                .json()
                .path("items")
                .get(0);
        String run = "/v1/runs/" + first.path("id").asString();
        JsonNode ended = executor.await(caller, run, "faulted");

        assertThat(post(run + ":retry").status()).isEqualTo(202);
        assertThat(executor.await(caller, run, "faulted").path("finishedAt")).isNotEqualTo(ended.path("finishedAt"));
        executor.awaitRuns(caller, 2);

        JsonNode second = executor.ask(caller, "GET", "/v1/runs", null)
                .json()
                .path("items")
                .get(0);
        assertThat(second.path("trigger").path("at").asString())
                .isEqualTo(Instant.parse(ended.path("finishedAt").asString())
                        .plus(Duration.ofSeconds(3))
                        .toString());
        assertThat(workflow).endsWith("/after");
    }

    private String faulted(String name) {
        String run = start(name);
        executor.await(caller, run, "faulted");
        return run;
    }

    private String start(String name) {
        String tasks = """
                do:
                  - echo: { call: http, with: { method: post, endpoint: "%s", body: { a: 1 } } }
                  - moody: { call: http, with: { method: post, endpoint: "%s", body: "${ . }" } }
                """.formatted(upstream.url("/echo"), upstream.url("/moody"));
        String document = "document: { dsl: '1.0.3', namespace: test, name: " + name + ", version: '1.0.0' }\n" + tasks;
        assertThat(executor.ask(caller, "POST", "/v1/workflows", document, "Content-Type", "application/yaml")
                        .status())
                .isIn(200, 201);
        return executor.ask(caller, "POST", "/v1/workflows/test/" + name + "/runs", "{\"in\":1}")
                .location();
    }

    private JsonNode many(Principal principal, String filter) {
        Answer answer = executor.ask(principal, "POST", "/v1/runs:retry", filter);
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json();
    }

    private Answer rerun(String run, String body) {
        return executor.ask(caller, "POST", run + ":rerun", body);
    }

    private Answer post(String path) {
        return executor.ask(caller, "POST", path, "");
    }

    private List<String> ids(String run, String... headers) {
        return lines(run, "id:", headers);
    }

    private List<String> types(String run) {
        return lines(run, "event:io.serverlessworkflow.");
    }

    private List<String> lines(String run, String prefix, String... headers) {
        return Objects.requireNonNull(executor.lines(caller, run + "/events", headers)
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .collectList()
                .block(RunningExecutor.PATIENCE));
    }
}
