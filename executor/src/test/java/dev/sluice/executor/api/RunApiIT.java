package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

class RunApiIT {

    private static RunningExecutor executor;
    private static ScriptedUpstream upstream;

    @BeforeAll
    static void start() {
        upstream = new ScriptedUpstream();
        executor = RunningExecutor.start(
                TestPostgres.freshDatabase(), "sluice.executor.max-response=1MB", "sluice.executor.max-input=64KB");
    }

    @AfterAll
    static void stop() {
        executor.close();
        upstream.close();
    }

    @Test
    void answersWithTheOutputOfACall() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "echo", """
                do:
                  - ask:
                      call: http
                      with: { method: post, endpoint: "%s", body: { said: "${ .word }" } }
                  - answer:
                      set: { heard: "${ .said }" }
                """.formatted(upstream.url("/echo")));

        assertThat(executor.ask(caller, "GET", workflow + "/versions/1.0.0", null)
                        .status())
                .isEqualTo(200);
        assertThat(executor.ask(caller, "GET", workflow + "/versions/2.0.0", null)
                        .status())
                .isEqualTo(404);
        Answer answer = executor.ask(caller, "POST", workflow + "/runs", "{\"word\":\"hello\"}", "Prefer", "wait=10");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"heard\":\"hello\"}");
        assertThat(answer.headers()).containsEntry("preference-applied", "wait");
        Answer run = executor.ask(caller, "GET", answer.location(), null);
        assertThat(run.json().path("status").asString()).isEqualTo("completed");
        assertThat(run.json().path("output").path("heard").asString()).isEqualTo("hello");
        assertThat(run.json().path("input").path("word").asString()).isEqualTo("hello");
    }

    /** Also what no journal has, of a run that is over before anybody could ask for its events. */
    @RepeatedTest(20)
    void tellsWhoFollowsARunFromItsStartAllThatHappens() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(
                caller, "followed", "do: [ { first: { set: { n: 1 } } }, { second: { set: { n: 2 } } } ]");

        Answer answer = executor.ask(caller, "POST", workflow + "/runs", "{}", "Accept", "text/event-stream");

        assertThat(answer.body().lines().filter(line -> line.startsWith("event:")))
                .containsExactly(
                        "event:io.serverlessworkflow.workflow.started.v1",
                        "event:io.serverlessworkflow.task.created.v1",
                        "event:io.serverlessworkflow.task.started.v1",
                        "event:io.serverlessworkflow.task.completed.v1",
                        "event:io.serverlessworkflow.task.created.v1",
                        "event:io.serverlessworkflow.task.started.v1",
                        "event:io.serverlessworkflow.task.completed.v1",
                        "event:io.serverlessworkflow.workflow.completed.v1");
    }

    @Test
    void runsTheBranchesOfAForkTogether() {
        Principal caller = RunningExecutor.principal();
        String workflow =
                executor.deploy(caller, "together", """
                do:
                  - all:
                      fork:
                        branches:
                          - one: { call: http, with: { method: post, endpoint: "%1$s", body: { n: 1 } } }
                          - race:
                              fork:
                                compete: true
                                branches:
                                  - never: { call: http, with: { method: get, endpoint: "%2$s" } }
                                  - two: { call: http, with: { method: post, endpoint: "%1$s", body: { n: 2 } } }
                          - nap: { wait: { milliseconds: 100 } }
                """.formatted(upstream.url("/echo"), upstream.url("/hang")));

        Answer answer = executor.ask(caller, "POST", workflow + "/runs", "{\"in\":0}", "Prefer", "wait=20");

        assertThat(answer.body()).isEqualTo("[{\"n\":1},{\"n\":2},{\"in\":0}]");
    }

    @Test
    void goesBackToAVersionThatWasDeployedBefore() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "rolling", "do: [ { stand: { set: { version: 1 } } } ]");
        String later = """
                document: { dsl: '1.0.3', namespace: test, name: rolling, version: '2.0.0' }
                schedule: { every: PT24H }
                do: [ { stand: { set: { version: 2 } } } ]
                """;
        assertThat(executor.ask(caller, "POST", "/v1/workflows", later, "Content-Type", "application/yaml")
                        .status())
                .isEqualTo(201);
        String running = executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=10")
                .body();
        assertThat(running).isEqualTo("{\"version\":2}");

        Answer back = executor.ask(caller, "POST", workflow + "/versions/1.0.0:activate", "");

        assertThat(back.status()).isEqualTo(200);
        assertThat(back.json().path("version").asString()).isEqualTo("1.0.0");
        assertThat(executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=10")
                        .body())
                .isEqualTo("{\"version\":1}");
        JsonNode versions =
                executor.ask(caller, "GET", workflow + "/versions", null).json().path("items");
        assertThat(versions.get(0).path("version").asString()).isEqualTo("2.0.0");
        assertThat(versions.get(0).path("active").asBoolean()).isFalse();
        assertThat(versions.get(1).path("active").asBoolean()).isTrue();
        assertThat(executor.ask(caller, "POST", workflow + "/versions/3.0.0:activate", "")
                        .status())
                .isEqualTo(404);
        assertThat(executor.ask(RunningExecutor.principal(), "POST", workflow + "/versions/2.0.0:activate", "")
                        .status())
                .as("another organization")
                .isEqualTo(404);
    }

    @Test
    void cancelsARunThatOnlyComputes() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "spinning", """
                do:
                  - spin: { set: { n: "${ .n + 1 }" }, then: spin }
                """);
        String run =
                executor.ask(caller, "POST", workflow + "/runs", "{\"n\":0}").location();

        assertThat(executor.ask(caller, "POST", run + ":cancel", "").status()).isEqualTo(202);
        StepVerifier.create(executor.lines(caller, run + "/events")
                        .filter(line -> line.startsWith("event:"))
                        .last())
                .assertNext(line -> assertThat(line).endsWith("workflow.cancelled.v1"))
                .expectComplete()
                .verify(RunningExecutor.PATIENCE);
    }

    @Test
    void sendsTheTraceOnToTheUpstream() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "traced", """
                do:
                  - ask: { call: http, with: { method: get, endpoint: "%s" } }
                """.formatted(upstream.url("/trace")));
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";

        Answer answer = executor.ask(
                caller,
                "POST",
                workflow + "/runs",
                "{}",
                "Prefer",
                "wait=10",
                "traceparent",
                "00-" + trace + "-00f067aa0ba902b7-01");

        assertThat(answer.json().asString()).startsWith("00-" + trace + "-").doesNotContain("00f067aa0ba902b7");
    }

    @Test
    void tellsHowARunFailed() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "missing", """
                do:
                  - ask: { call: http, with: { method: get, endpoint: "%s" } }
                """.formatted(upstream.url("/status/404")));

        Answer answer = executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=10");

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.headers().get("content-type")).startsWith("application/problem+json");
        assertThat(answer.json().path("type").asString()).isEqualTo("urn:sluice:problem:run-faulted");
        assertThat(answer.json().path("error").path("status").asInt()).isEqualTo(404);
        assertThat(answer.json().path("error").path("instance").asString()).isEqualTo("/do/0/ask");
    }

    @Test
    void mapsWhatUpstreamsDoToErrorsOfTheLanguage() {
        Principal caller = RunningExecutor.principal();
        assertThat(failure(caller, "garbage", "/garbage")).isEqualTo("communication 502");
        assertThat(failure(caller, "endless", "/endless")).isEqualTo("communication 502");
        String limited = executor.deploy(caller, "limited", """
                do:
                  - ask:
                      timeout: { after: { milliseconds: 300 } }
                      call: http
                      with: { method: get, endpoint: "%s" }
                """.formatted(upstream.url("/hang")));
        assertThat(error(executor.ask(caller, "POST", limited + "/runs", "{}", "Prefer", "wait=10")))
                .isEqualTo("timeout 408");
        String metadata = executor.deploy(caller, "metadata", """
                do:
                  - ask: { call: http, with: { method: get, endpoint: "http://169.254.169.254/latest" } }
                """);
        assertThat(error(executor.ask(caller, "POST", metadata + "/runs", "{}", "Prefer", "wait=10")))
                .isEqualTo("authorization 403");
    }

    /** One of three on a machine that others keep busy. */
    @Test
    void cancelsARunAndTheCallUnderWayWithinASecond() throws InterruptedException {
        assertThat(hangsUpWithinASecond("first") || hangsUpWithinASecond("second") || hangsUpWithinASecond("third"))
                .isTrue();
    }

    private static boolean hangsUpWithinASecond(String name) throws InterruptedException {
        Principal caller = RunningExecutor.principal();
        try (ScriptedUpstream hanging = new ScriptedUpstream()) {
            String workflow = executor.deploy(caller, name, """
                    do:
                      - ask: { call: http, with: { method: get, endpoint: "%s" } }
                    """.formatted(hanging.url("/hang")));
            Answer started = executor.ask(caller, "POST", workflow + "/runs", "{}");
            assertThat(started.status()).isEqualTo(202);
            String run = started.location();
            assertThat(hanging.hung.await(30, TimeUnit.SECONDS)).isTrue();

            Answer meddling = executor.ask(RunningExecutor.principal(), "POST", run + ":cancel", "");
            assertThat(meddling.status()).isEqualTo(404);
            assertThat(executor.ask(caller, "GET", run, null)
                            .json()
                            .path("status")
                            .asString())
                    .isEqualTo("running");
            Answer cancelled = executor.ask(caller, "POST", run + ":cancel", "");

            assertThat(cancelled.status()).isEqualTo(202);
            boolean soon = hanging.isHungUpWithinASecond();
            executor.lines(caller, run + "/events")
                    .filter(line -> line.startsWith("event:"))
                    .takeLast(1)
                    .as(StepVerifier::create)
                    .expectNext("event:io.serverlessworkflow.workflow.cancelled.v1")
                    .expectComplete()
                    .verify(RunningExecutor.PATIENCE);
            return soon;
        }
    }

    @Test
    void streamsEventsAndResumes() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "streamed", """
                do:
                  - first: { call: http, with: { method: post, endpoint: "%1$s", body: 1 } }
                  - pause: { wait: { milliseconds: 200 } }
                  - second: { call: http, with: { method: post, endpoint: "%1$s", body: 2 } }
                """.formatted(upstream.url("/echo")));
        String run = executor.ask(caller, "POST", workflow + "/runs", "{}").location();

        List<String> all = executor.lines(caller, run + "/events").collectList().block(RunningExecutor.PATIENCE);
        List<String> ids = Objects.requireNonNull(all).stream()
                .filter(line -> line.startsWith("id:"))
                .toList();
        assertThat(ids).contains("id:0", "id:1", "id:2", "id:3", "id:4");
        assertThat(all).contains("event:io.serverlessworkflow.workflow.completed.v1");

        List<String> rest = executor.lines(caller, run + "/events", "Last-Event-ID", "2")
                .filter(line -> line.startsWith("id:"))
                .collectList()
                .block(RunningExecutor.PATIENCE);
        assertThat(rest).containsExactly("id:3", "id:4");
    }

    @Test
    void keepsOrganizationsApart() {
        Principal owner = RunningExecutor.principal();
        Principal stranger = RunningExecutor.principal();
        String workflow = executor.deploy(owner, "private", "do: [ { note: { set: { a: 1 } } } ]\n");
        String run = executor.ask(owner, "POST", workflow + "/runs", "{}").location();

        assertThat(executor.ask(stranger, "GET", run, null).status()).isEqualTo(404);
        assertThat(executor.ask(stranger, "GET", run + "/events", null).status())
                .isEqualTo(404);
        assertThat(executor.ask(stranger, "POST", run + ":cancel", "").status()).isEqualTo(404);
        assertThat(executor.ask(stranger, "POST", workflow + "/runs", "{}").status())
                .isEqualTo(404);
        assertThat(executor.ask(stranger, "GET", workflow, null).status()).isEqualTo(404);
        assertThat(executor.ask(stranger, "GET", "/v1/runs", null).json().path("items"))
                .isEmpty();
    }

    @Test
    void letsNobodyInWithoutAnAssertion() {
        assertThat(executor.unsigned("/v1/runs", "").status()).isEqualTo(401);
        assertThat(executor.unsigned("/v1/runs", "forged").status()).isEqualTo(401);
    }

    @Test
    void pagesThroughRuns() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "paged", "do: [ { note: { set: { a: 1 } } } ]\n");
        for (int i = 0; i < 5; i++) {
            assertThat(executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=5")
                            .status())
                    .isEqualTo(200);
        }
        List<String> seen = new ArrayList<>();
        String cursor = "";
        do {
            Answer page =
                    executor.ask(caller, "GET", "/v1/runs?workflow=test/paged&status=completed&limit=2" + cursor, null);
            assertThat(page.status()).isEqualTo(200);
            page.json().path("items").forEach(item -> seen.add(item.path("id").asString()));
            cursor = page.json().path("next").isNull()
                    ? ""
                    : "&cursor=" + page.json().path("next").asString();
        } while (!cursor.isEmpty());
        assertThat(seen).hasSize(5).doesNotHaveDuplicates().isSortedAccordingTo((a, b) -> b.compareTo(a));
        assertThat(executor.ask(caller, "GET", "/v1/runs?status=odd", null).status())
                .isEqualTo(400);
        assertThat(executor.ask(caller, "GET", "/v1/runs?limit=0", null).status())
                .isEqualTo(400);
    }

    @Test
    void refusesBadInput() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "picky", "do: [ { note: { set: { a: 1 } } } ]\n");
        assertThat(executor.ask(caller, "POST", workflow + "/runs", "{\"a\":").status())
                .isEqualTo(400);
        assertThat(executor.ask(caller, "POST", workflow + "/runs", "[".repeat(10_000))
                        .status())
                .isEqualTo(400);
        assertThat(executor.ask(caller, "POST", workflow + "/runs", "\"" + "x".repeat(70_000) + "\"")
                        .status())
                .isEqualTo(413);
        assertThat(executor.ask(caller, "POST", "/v1/workflows/test/nothing/runs", "{}")
                        .status())
                .isEqualTo(404);
        assertThat(executor.ask(caller, "GET", "/v1/runs/not-an-id", null).status())
                .isEqualTo(404);
        Answer bad = executor.ask(caller, "POST", "/v1/workflows", "document: { dsl: '1.0.3' }\nwhat: 1\ndo: []\n");
        assertThat(bad.status()).isEqualTo(400);
        assertThat(bad.json().path("errors").size()).isGreaterThan(2);
        Answer again = executor.ask(caller, "POST", "/v1/workflows", """
                document: { dsl: '1.0.3', namespace: test, name: picky, version: '1.0.0' }
                do: [ { note: { set: { a: 2 } } } ]
                """);
        assertThat(again.status()).isEqualTo(409);
    }

    private static String failure(Principal caller, String name, String path) {
        String workflow = executor.deploy(caller, name, """
                do:
                  - ask: { call: http, with: { method: get, endpoint: "%s" } }
                """.formatted(upstream.url(path)));
        return error(executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=20"));
    }

    private static String error(Answer answer) {
        var error = answer.json().path("error");
        String type = error.path("type").asString();
        return type.substring(type.lastIndexOf('/') + 1) + " "
                + error.path("status").asInt();
    }
}
