package dev.sluice.executor.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestPostgres;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a node answers about a run that another node has in memory. */
class OtherNodeIT {

    private static RunningExecutor owner;
    private static RunningExecutor other;
    private static ScriptedUpstream upstream;

    private final Principal caller = RunningExecutor.principal();

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        upstream = new ScriptedUpstream();
        owner = RunningExecutor.start(database);
        other = RunningExecutor.start(database);
    }

    @AfterAll
    static void stop() {
        owner.close();
        other.close();
        upstream.close();
    }

    @Test
    void followsItToItsEnd() {
        String workflow = owner.deploy(caller, "call", """
                do:
                  - ask: { call: http, with: { method: post, endpoint: "%1$s", body: { a: 1 } } }
                  - nap: { wait: { seconds: 1 } }
                  - again: { call: http, with: { method: post, endpoint: "%1$s", body: { a: 2 } } }
                """.formatted(upstream.url("/echo")));
        String run = owner.ask(caller, "POST", workflow + "/runs", "{}").location();

        assertThat(events(other, run))
                .isEqualTo(events(owner, run))
                .last()
                .isEqualTo("event:io.serverlessworkflow.workflow.completed.v1");
        assertThat(other.ask(caller, "GET", run, null).json().path("status").asString())
                .isEqualTo("completed");
    }

    /** What the calls gave is in the journal, and says nothing of what became of it. */
    @Test
    void isToldOfTasksThatFailAfterTheirCallsAsThoseAreWhoWereThere() {
        String workflow = owner.deploy(caller, "spoiled", """
                do:
                  - attempt:
                      try:
                        - caught: { call: http, with: { method: post, endpoint: "%1$s" }, output: { as: "${ error(1) }" } }
                      catch: { do: [ nap: { wait: { seconds: 1 } } ] }
                  - good: { call: http, with: { method: post, endpoint: "%1$s" }, output: { as: "${ {} }" } }
                  - last: { call: http, with: { method: post, endpoint: "%1$s" }, export: { as: "${ error(1) }" } }
                """.formatted(upstream.url("/echo")));
        String run = owner.ask(caller, "POST", workflow + "/runs", "{}").location();

        List<String> elsewhere = ends(other, run);
        assertThat(elsewhere)
                .containsExactly("faulted /do/0/attempt/try/0/caught", "completed /do/1/good", "faulted /do/2/last");
        assertThat(ends(owner, run)).as("late").isEqualTo(elsewhere);
        assertThat(ends(other, run)).as("late").isEqualTo(elsewhere);
    }

    private List<String> ends(RunningExecutor node, String run) {
        return node.lines(caller, run + "/events")
                .filter(line -> line.startsWith("data:"))
                .map(line -> Json.read(line.substring("data:".length()).getBytes(UTF_8)))
                .filter(event -> event.path("data").has("task"))
                .map(event -> event.path("type").asString().split("\\.", -1)[3] + " "
                        + event.path("data").path("task").asString())
                .filter(end -> end.matches("(completed|faulted) .*/(caught|good|last)"))
                .distinct()
                .collectList()
                .blockOptional(RunningExecutor.PATIENCE)
                .orElseThrow();
    }

    @Test
    void waitsForItsOutput() {
        String workflow = owner.deploy(caller, "nap", """
                do:
                  - nap: { wait: { seconds: 1 } }
                  - answer: { set: { rested: true } }
                """);
        String run = owner.ask(caller, "POST", workflow + "/runs", "{}", "Idempotency-Key", "k")
                .location();

        Answer answer =
                other.ask(caller, "POST", workflow + "/runs", "{}", "Idempotency-Key", "k", "Prefer", "wait=20");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.location()).isEqualTo(run);
        assertThat(answer.body()).isEqualTo("{\"rested\":true}");
    }

    @Test
    void cancelsIt() {
        String workflow = owner.deploy(caller, "long", "do: [ { nap: { wait: { minutes: 1 } } } ]");
        String run = owner.ask(caller, "POST", workflow + "/runs", "{}").location();

        assertThat(other.ask(caller, "POST", run + ":cancel", "").status()).isEqualTo(202);

        assertThat(events(owner, run)).last().isEqualTo("event:io.serverlessworkflow.workflow.cancelled.v1");
        assertThat(other.ask(caller, "GET", run, null).json().path("status").asString())
                .isEqualTo("cancelled");
    }

    /** One of three on a machine that others keep busy. */
    @Test
    void cancelsTheCallUnderWayThereWithinASecond() throws InterruptedException {
        assertThat(hangsUpWithinASecond("first") || hangsUpWithinASecond("second") || hangsUpWithinASecond("third"))
                .isTrue();
    }

    private boolean hangsUpWithinASecond(String name) throws InterruptedException {
        try (ScriptedUpstream hanging = new ScriptedUpstream()) {
            String workflow = owner.deploy(caller, name, """
                    do: [ { ask: { call: http, with: { method: get, endpoint: "%s" } } } ]
                    """.formatted(hanging.url("/hang")));
            String run = owner.ask(caller, "POST", workflow + "/runs", "{}").location();
            assertThat(hanging.hung.await(30, TimeUnit.SECONDS)).isTrue();

            assertThat(other.ask(caller, "POST", run + ":cancel", "").status()).isEqualTo(202);

            boolean soon = hanging.isHungUpWithinASecond();
            assertThat(other.await(caller, run, "cancelled").path("finishedAt").isString())
                    .isTrue();
            return soon;
        }
    }

    /** Long enough that the owner reads what was asked of another node well before the end. */
    @Test
    void suspendsItBetweenItsCallsAndResumesIt() {
        try (ScriptedUpstream counting = new ScriptedUpstream()) {
            String workflow = owner.deploy(caller, "counting", """
                    do:
                      - each:
                          for: { each: n, in: "[range(800)]" }
                          do:
                            - ask: { call: http, with: { method: post, endpoint: "%s", body: { n: "${ $n }" } } }
                    """.formatted(counting.url("/echo")));
            String run = owner.ask(caller, "POST", workflow + "/runs", "{}").location();
            assertThat(other.ask(caller, "POST", run + ":suspend", "").status()).isEqualTo(202);

            assertThat(other.await(caller, run, "suspended")
                            .path("suspension")
                            .path("reason")
                            .asString())
                    .isEqualTo("requested");
            assertThat(counting.keys.size()).isLessThan(800);
            assertThat(other.ask(caller, "POST", run + ":resume", "").status()).isEqualTo(202);

            assertThat(other.await(caller, run, "completed").path("output").toString())
                    .contains("799");
            assertThat(counting.keys).hasSize(800).doesNotHaveDuplicates();
            assertThat(events(other, run))
                    .contains(
                            "event:io.serverlessworkflow.workflow.suspended.v1",
                            "event:io.serverlessworkflow.workflow.resumed.v1");
        }
    }

    private List<String> events(RunningExecutor node, String run) {
        return node.lines(caller, run + "/events")
                .filter(line -> line.startsWith("event:"))
                .collectList()
                .blockOptional(RunningExecutor.PATIENCE)
                .orElseThrow();
    }
}
