package dev.sluice.executor.script;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.definition.Script;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.WorkflowDocuments;
import dev.sluice.executor.definition.WorkflowDocuments.Format;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.Caller;
import dev.sluice.executor.engine.DslError;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.engine.TestEvaluations;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.javascript.Sandbox;
import dev.sluice.executor.javascript.SandboxLimits;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

/** Scripts as tasks run them. Begun on threads that may not block, as those of the engine are. */
final class ScriptCallsTest {

    private static final OrganizationId MINE = new OrganizationId(Ids.next());
    private static final OrganizationId YOURS = new OrganizationId(Ids.next());
    private static final Principal PLATFORM = new Principal(MINE, UUID.randomUUID(), Principal.Scope.PLATFORM);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String FOREVER = "code: 'while (true) {}'";

    private final ScriptThreads threads =
            new ScriptThreads(new Sandbox(new SandboxLimits(16L << 20, 10_000, Duration.ofMinutes(1))), 2, 4);

    @AfterEach
    void dispose() {
        threads.dispose();
    }

    @Test
    void takeWhatTheyAreGivenAsText() {
        String script = """
                stdin: ${ .order }
                arguments: [ plain, '${ .name }', '${ .count }', '${ [.name] }', '${ null }' ]
                environment: { NAME: '${ .name }', COUNT: 7, LIST: [ a, '${ .count }' ], NOTHING: null }
                code: |
                  import { readFileSync } from 'node:fs';
                  console.log(readFileSync(0, 'utf8'), process.argv.slice(2).join(), JSON.stringify(process.env));
                """;
        succeeds(
                run(script, ""),
                Json.string("{\"id\":1} plain,J\u00f6,3,[\"J\u00f6\"],null "
                        + "{\"NAME\":\"J\u00f6\",\"COUNT\":\"7\",\"LIST\":\"[\\\"a\\\",3]\",\"NOTHING\":\"null\"}\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stdout | 0 | \"out\\n\"",
                "stderr | 0 | \"err\\n\"",
                "code   | 0 | 0",
                "all    | 0 | {\"code\":0,\"stdout\":\"out\\n\",\"stderr\":\"err\\n\"}",
                "none   | 0 | null",
                "stderr | 4 | \"err\\n\"",
                "code   | 4 | 4",
                "all    | 4 | {\"code\":4,\"stdout\":\"out\\n\",\"stderr\":\"err\\n\"}"
            })
    void giveWhatIsAskedFor(String what, int code, String output) {
        String script = "code: 'console.log(\"out\"); console.error(\"err\"); process.exit(" + code + ")'";
        succeeds(run(script, "return: " + what), Json.read(output.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void failWithWhatTheyComplainOfUnlessThatIsAskedFor() {
        String script = "code: 'throw new TypeError(\"odd\")'";
        for (String what : List.of("", "return: stdout", "return: none")) {
            DslError error = failure(run(script, what));
            assertThat(error.type()).endsWith("/errors/runtime");
            assertThat(error.status()).isEqualTo(500);
            assertThat(error.detail()).startsWith("The script ended with code 1: Uncaught TypeError: odd");
        }
        assertThat(failure(run("code: 'console.error(\"x\".repeat(3000)); process.exit(2)'", ""))
                        .detail())
                .isEqualTo("The script ended with code 2.");
        assertThat(failure(run("stdin: '${ error }'\ncode: ''", "")).type()).endsWith("/errors/expression");
    }

    @Test
    void failWhenTheyUseMoreThanTheyMay() {
        try (Few few = new Few(Duration.ofMillis(200))) {
            DslError late = failure(run(few.threads, MINE, FOREVER, "return: all"));
            assertThat(late.type()).endsWith("/errors/timeout");
            assertThat(late.status()).isEqualTo(408);
        }
        assertThat(failure(run("code: 'for (;;) console.log(1)'", "return: code"))
                        .detail())
                .isEqualTo("The script wrote more than scripts may.");
        assertThat(failure(run("code: 'function f() { f() } f()'", "")).detail())
                .isEqualTo("The script's calls or values were nested too deep.");
    }

    @Test
    void cancellingFreesTheThreads() throws InterruptedException {
        for (int i = 0; i < 5; i++) {
            Disposable first = run(FOREVER, "").subscribe();
            until(1, 0);
            Disposable second = run(FOREVER, "").subscribe();
            until(2, 0);
            Disposable third = run(FOREVER, "").subscribe();
            until(2, 1);
            third.dispose();
            until(2, 0);
            first.dispose();
            second.dispose();
            until(0, 0);
        }
        succeeds(run("code: ''", ""), Json.string(""));
    }

    @Test
    void oneMoreThanThereIsRoomForIsRefused() throws InterruptedException {
        Disposable running = Flux.range(0, 2).flatMap(i -> run(FOREVER, ""), 2).subscribe();
        until(2, 0);
        Disposable waiting = Flux.range(0, 2).flatMap(i -> run(FOREVER, ""), 2).subscribe();
        until(2, 2);
        for (String await : List.of("", "await: false")) {
            DslError error = failure(run(FOREVER, await));
            assertThat(error.type()).endsWith("/errors/runtime");
            assertThat(error.status()).isEqualTo(503);
        }
        Mono<JsonNode> yours = run(threads, YOURS, "code: 'console.log(1)'", "");
        CountDownLatch done = new CountDownLatch(1);
        Disposable other = yours.subscribe(output -> done.countDown());
        until(2, 3);
        running.dispose();
        // One of mine waited for longer; then it is the other organization's turn, and not mine again.
        assertThat(done.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        waiting.dispose();
        other.dispose();
        until(0, 0);
    }

    /** However many places there are: what waits takes memory. */
    @Test
    void oneThatIsTooLargeIsRefusedAtOnceAndSoAreManyThatAreTogether() throws InterruptedException {
        String large = "stdin: '${ \"x\" * 3000000 }'\n" + FOREVER;
        try (Few many = new Few(Duration.ofMinutes(1))) {
            for (String await : List.of("", "await: false")) {
                assertThat(failure(run(many.threads, MINE, large.replace("3000000", "5000000"), await))
                                .detail())
                        .isEqualTo("The script needs more memory than scripts may have.");
            }
            Disposable running = Flux.range(0, 2)
                    .flatMap(i -> run(many.threads, MINE, FOREVER, ""), 2)
                    .subscribe();
            until(many.threads, 2, 0);
            // Half of four times sixteen megabytes has room for five times six.
            for (int round = 0; round < 2; round++) {
                Disposable waiting = Flux.range(0, 5)
                        .flatMap(i -> run(many.threads, MINE, large, ""), 5)
                        .subscribe();
                until(many.threads, 2, 5);
                assertThat(failure(run(many.threads, MINE, large, "")).status()).isEqualTo(503);
                waiting.dispose();
                until(many.threads, 2, 0);
            }
            running.dispose();
        }
    }

    @Test
    void manyRunAndEachHasItsOwn() {
        String script =
                "arguments: [ '${ $i }' ]\ncode: |\n  globalThis.seen = (globalThis.seen ?? '') + process.argv[2]; console.log(seen)";
        try (Few many = new Few(Duration.ofSeconds(30))) {
            StepVerifier.create(Flux.range(0, 100)
                            .flatMap(
                                    i -> run(many.threads, i % 2 == 0 ? MINE : YOURS, script.replace("$i", "" + i), "")
                                            .filter(output -> output.asString().equals(i + "\n")),
                                    100))
                    .expectNextCount(100)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void nobodyWaitsForWhatIsNotAwaited() throws InterruptedException {
        JsonNode input = succeeds(run(FOREVER, "await: false"));
        assertThat(input.path("name").asString()).isEqualTo("J\u00f6");
        until(1, 0);
        threads.dispose();
        until(0, 0);
        assertThat(failure(run(FOREVER, "")).status()).isEqualTo(503);
    }

    @Test
    void endWithTheNode() throws InterruptedException {
        Mono<JsonNode> running = run(FOREVER, "return: all")
                .doOnSubscribe(
                        ignored -> Schedulers.boundedElastic().schedule(threads::dispose, 300, TimeUnit.MILLISECONDS));
        assertThat(failure(running).status()).isEqualTo(503);
    }

    /** Until so many run and so many wait. */
    private void until(int running, int waiting) throws InterruptedException {
        until(threads, running, waiting);
    }

    private static void until(ScriptThreads threads, int running, int waiting) throws InterruptedException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        Bound bound = bound(threads);
        while (bound.used() != running || !Long.valueOf(waiting).equals(bound.waiting())) {
            assertThat(System.nanoTime()).describedAs("%s", bound).isLessThan(deadline);
            Thread.onSpinWait();
            bound = bound(threads);
        }
    }

    private static Bound bound(ScriptThreads threads) {
        return Objects.requireNonNull(threads.pressure().bounds(PLATFORM).block())
                .getFirst();
    }

    private Mono<JsonNode> run(String script, String run) {
        return run(threads, MINE, script, run);
    }

    private static Mono<JsonNode> run(ScriptThreads threads, OrganizationId organization, String script, String run) {
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: scripts, version: '1.0.0' }
                do:
                  - a:
                      run:
                        script:
                          language: js
                """ + script.indent(10) + run.indent(8);
        Task task = WorkflowDocuments.read(document.getBytes(StandardCharsets.UTF_8), Format.YAML)
                .tasks()
                .tasks()
                .getFirst();
        Script compiled = (Script) ((Task.MakeCall) task).call();
        return Mono.defer(() -> new ScriptCalls(threads).prepare(compiled, invocation(organization)))
                .flatMap(Caller.Prepared::make)
                .subscribeOn(Schedulers.parallel());
    }

    private static Invocation invocation(OrganizationId organization) {
        return new Invocation(
                organization,
                Json.read("{\"name\":\"J\u00f6\",\"count\":3,\"order\":{\"id\":1}}".getBytes(StandardCharsets.UTF_8)),
                Arguments.NONE,
                TestEvaluations.SHARED.of(organization),
                "/do/0/a",
                "key",
                null,
                DEADLINE,
                () -> true);
    }

    private static JsonNode succeeds(Mono<JsonNode> run) {
        return Objects.requireNonNull(run.block(DEADLINE));
    }

    private static void succeeds(Mono<JsonNode> run, JsonNode output) {
        StepVerifier.create(run).expectNext(output).expectComplete().verify(DEADLINE);
    }

    private static DslError failure(Mono<JsonNode> run) {
        try {
            throw new AssertionError("ended well: " + run.block(DEADLINE));
        } catch (CallFailure e) {
            assertThat(e.unknown()).isFalse();
            return e.error();
        }
    }

    /** With room for a hundred, and so much time for each. */
    private static final class Few implements AutoCloseable {

        private final ScriptThreads threads;

        Few(Duration time) {
            threads = new ScriptThreads(new Sandbox(new SandboxLimits(16L << 20, 10_000, time)), 2, 200);
        }

        @Override
        public void close() {
            threads.dispose();
        }
    }
}
