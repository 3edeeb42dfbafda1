package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestPostgres;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Runs that rest because somebody asked for it, on two nodes. */
class SuspendIT {

    private static RunningExecutor one;
    private static RunningExecutor other;
    private static ScriptedUpstream upstream;

    private final Principal caller = RunningExecutor.principal();

    @BeforeAll
    static void start() {
        PostgresSettings database = TestPostgres.freshDatabase();
        upstream = new ScriptedUpstream();
        one = RunningExecutor.start(database);
        other = RunningExecutor.start(database);
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
        upstream.close();
    }

    @Test
    void suspendsARunThatOnlyWaitsAndLetsItWaitOn() {
        String run = start("wait", "do: [ { nap: { wait: { hours: 1 } } } ]");
        one.await(caller, run, "waiting");

        assertThat(post(run + ":suspend").status()).isEqualTo(202);
        assertThat(one.await(caller, run, "suspended")
                        .path("suspension")
                        .path("at")
                        .asString())
                .endsWith("Z");
        Answer again = post(run + ":suspend");
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.json().path("status").asString()).isEqualTo("suspended");
        assertThat(one.ask(caller, "GET", "/v1/runs?status=suspended", null)
                        .json()
                        .path("items")
                        .get(0)
                        .path("suspension")
                        .path("reason")
                        .asString())
                .isEqualTo("requested");

        assertThat(post(run + ":resume").status()).isEqualTo(202);
        assertThat(one.await(caller, run, "waiting").has("suspension")).isFalse();
        assertThat(post(run + ":suspend").status()).isEqualTo(202);
        one.await(caller, run, "suspended");
        assertThat(post(run + ":cancel").status()).isEqualTo(202);
        one.await(caller, run, "cancelled");
    }

    @Test
    void goesOnWhenTheWishIsTakenBackBeforeItWasFulfilled() {
        try (ScriptedUpstream holding = new ScriptedUpstream()) {
            String run = start("withdrawn", """
                    do:
                      - ask: { call: http, with: { method: get, endpoint: "%s" } }
                      - after: { call: http, with: { method: post, endpoint: "%s", body: "${ . }" } }
                    """.formatted(holding.url("/held"), holding.url("/echo")));
            assertThat(post(run + ":suspend").status()).isEqualTo(202);
            assertThat(post(run + ":resume").status()).isEqualTo(202);
            assertThat(post(run + ":resume").status())
                    .as("nothing to take back")
                    .isEqualTo(409);
            holding.release.tryEmitEmpty().orThrow();

            assertThat(one.await(caller, run, "completed").path("output").asString())
                    .isEqualTo("released");
            assertThat(holding.held).as("calls").hasValue(1);
        }
    }

    @Test
    void suspendsARunThatOnlyComputes() {
        String run = start("spin", "do: [ { spin: { set: { n: \"${ (.n // 0) + 1 }\" }, then: spin } } ]");

        assertThat(other.ask(caller, "POST", run + ":suspend", "").status()).isEqualTo(202);
        one.await(caller, run, "suspended");
        assertThat(post(run + ":cancel").status()).isEqualTo(202);
        one.await(caller, run, "cancelled");
    }

    @Test
    void refusesWhatMakesNoSense() {
        String run = start("short", "do: [ { note: { set: { a: 1 } } } ]");
        one.await(caller, run, "completed");

        Answer suspended = post(run + ":suspend");
        assertThat(suspended.status()).isEqualTo(409);
        assertThat(suspended.json().path("detail").asString()).endsWith("it is completed.");
        assertThat(post(run + ":resume").status()).isEqualTo(409);
        assertThat(one.ask(caller, "GET", run + ":suspend", null).status()).isEqualTo(405);
        Principal stranger = RunningExecutor.principal();
        String live = start("long", "do: [ { nap: { wait: { hours: 1 } } } ]");
        assertThat(one.ask(stranger, "POST", live + ":suspend", "").status()).isEqualTo(404);
        assertThat(post(live + ":resume").status())
                .as("neither suspended nor asked to")
                .isEqualTo(409);
        assertThat(post(live + ":suspend").status()).isEqualTo(202);
        one.await(caller, live, "suspended");
        assertThat(one.ask(stranger, "POST", live + ":resume", "").status()).isEqualTo(404);
        assertThat(one.await(caller, live, "suspended").path("suspension").isObject())
                .isTrue();
    }

    /** Whoever comes first, a run ends once, or rests and ends once it is resumed. */
    @Test
    void losesNoRunToARaceOfItsEndAndASuspension() {
        String workflow = one.deploy(caller, "race", """
                do:
                  - ask: { call: http, with: { method: post, endpoint: "%1$s", body: { n: 1 } } }
                  - nap: { wait: { milliseconds: 20 } }
                  - again: { call: http, with: { method: post, endpoint: "%1$s", body: { n: 2 } } }
                """.formatted(upstream.url("/echo")));
        List<String> runs = all(24, i -> {
            String run = one.ask(caller, "POST", workflow + "/runs", "{}").location();
            RunningExecutor node = i % 2 == 0 ? one : other;
            assertThat(node.ask(caller, "POST", run + ":suspend", "").status()).isIn(202, 409);
            assertThat(node.ask(caller, "POST", run + ":resume", "").status()).isIn(202, 409);
            assertThat(node.ask(caller, "POST", run + ":suspend", "").status()).isIn(202, 409);
            return run;
        });

        for (String run : runs) {
            settled(run);
            assertThat(post(run + ":resume").status()).isIn(202, 409);
            assertThat(one.await(caller, run, "completed")
                            .path("output")
                            .path("n")
                            .asInt())
                    .isEqualTo(2);
        }
    }

    @Test
    void cancelsWhoeverAskedForASuspensionAtTheSameTime() {
        String workflow = one.deploy(caller, "cancelled", "do: [ { nap: { wait: { seconds: 20 } } } ]");
        List<String> runs =
                all(20, i -> one.ask(caller, "POST", workflow + "/runs", "{}").location());
        Flux.fromIterable(runs)
                .flatMap(
                        run -> Mono.when(
                                call(one, run + ":suspend"),
                                call(other, run + ":cancel"),
                                call(other, run + ":resume")),
                        4)
                .blockLast(RunningExecutor.PATIENCE);

        runs.forEach(run -> assertThat(
                        one.await(caller, run, "cancelled").path("finishedAt").isString())
                .isTrue());
    }

    /** Until a run has come to rest or to its end. */
    private void settled(String run) {
        long start = System.nanoTime();
        while (!List.of("suspended", "completed")
                .contains(
                        one.ask(caller, "GET", run, null).json().path("status").asString())) {
            assertThat(System.nanoTime() - start).isLessThan(RunningExecutor.PATIENCE.toNanos());
        }
    }

    private Mono<Answer> call(RunningExecutor node, String path) {
        return Mono.fromCallable(() -> node.ask(caller, "POST", path, "")).subscribeOn(Schedulers.boundedElastic());
    }

    private static List<String> all(int count, IntFunction<String> work) {
        return Objects.requireNonNull(Flux.range(0, count)
                .flatMap(i -> Mono.fromCallable(() -> work.apply(i)).subscribeOn(Schedulers.boundedElastic()), 8)
                .collectList()
                .block(RunningExecutor.PATIENCE));
    }

    private String start(String name, String tasks) {
        String workflow = one.deploy(caller, name, tasks);
        return one.ask(caller, "POST", workflow + "/runs", "{}").location();
    }

    private Answer post(String path) {
        return one.ask(caller, "POST", path, "");
    }
}
