package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;

/** Which version of its document a run is of, whatever is deployed while it goes on. */
@Timeout(unit = TimeUnit.MINUTES, value = 2)
class VersioningIT {

    private static final String RUNS = "/v1/workflows/test/versioned/runs";

    /** Waits until it is let go. */
    private static final String LISTEN = "hold: { listen: { to: { one: { with: { type: test.go } } } } }";

    private final ExecutorDatabase database = new ExecutorDatabase();
    private final Principal caller = RunningExecutor.principal();
    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private RunningExecutor executor = RunningExecutor.start(database.settings(), "sluice.executor.park-after=200ms");

    @AfterEach
    void close() {
        executor.close();
        upstream.close();
        database.close();
    }

    @Test
    void aRunInMemoryKeepsTheVersionItStartedWith() {
        deploy(1, "ask: { call: http, with: { method: get, endpoint: \"" + upstream.url("/held") + "\" } }");
        String before = start();
        assertThat(Flux.interval(Duration.ofMillis(20))
                        .onBackpressureDrop()
                        .takeUntil(tick -> upstream.held.get() == 1)
                        .blockLast(RunningExecutor.PATIENCE))
                .isNotNull();

        deploy(2, "note: { set: { noted: true } }");
        String after = start();

        assertThat(ended(after)).isEqualTo("2.0.0");
        upstream.release.tryEmitEmpty().orThrow();
        assertThat(ended(before)).isEqualTo("1.0.0");
    }

    @Test
    void aRunThatWaitsKeepsItsVersionOnTheNextExecutorToo() {
        deploy(1, LISTEN);
        String before = start();
        executor.await(caller, before, "waiting");
        deploy(2, "note: { set: { noted: true } }");
        executor.close();

        executor = RunningExecutor.start(database.settings(), "sluice.executor.park-after=200ms");

        assertThat(ended(start())).isEqualTo("2.0.0");
        letGo();
        assertThat(ended(before)).isEqualTo("1.0.0");
    }

    @Test
    void aRollbackIsForNewRunsOnly() {
        deploy(1, "note: { set: { noted: true } }");
        deploy(2, LISTEN);
        String before = start();
        executor.await(caller, before, "waiting");

        assertThat(ask("POST", "/v1/workflows/test/versioned/versions/1.0.0:activate", "")
                        .status())
                .isEqualTo(200);

        assertThat(ended(start())).isEqualTo("1.0.0");
        letGo();
        assertThat(ended(before)).isEqualTo("2.0.0");
    }

    @Test
    void anEventStartsTheVersionThatWasActivatedLast() {
        deploy(1, "note: { set: { noted: true } }");
        deploy(2, "note: { set: { noted: true } }");
        assertThat(database.event(caller.organization(), "test.versioned", "{}"))
                .isNotNull();
        executor.awaitRuns(caller, 1);

        assertThat(ask("POST", "/v1/workflows/test/versioned/versions/1.0.0:activate", "")
                        .status())
                .isEqualTo(200);
        assertThat(database.event(caller.organization(), "test.versioned", "{}"))
                .isNotNull();
        executor.awaitRuns(caller, 2);

        var runs = executor.ask(caller, "GET", "/v1/runs", null).json().path("items");
        assertThat(runs).as("newest first").hasSize(2);
        assertThat(ended("/v1/runs/" + runs.get(0).path("id").asString())).isEqualTo("1.0.0");
        assertThat(ended("/v1/runs/" + runs.get(1).path("id").asString())).isEqualTo("2.0.0");
    }

    /** A version's last task says which it is. */
    private void deploy(int version, String first) {
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: versioned, version: '%1$d.0.0' }
                schedule: { on: { one: { with: { type: test.versioned } } } }
                do:
                  - %2$s
                  - last: { set: { version: '%1$d.0.0' } }
                """.formatted(version, first);
        Answer answer = executor.ask(caller, "POST", "/v1/workflows", document, "Content-Type", "application/yaml");
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    }

    /** Sends what runs listen for. */
    private void letGo() {
        assertThat(database.event(caller.organization(), "test.go", "{}")).isNotNull();
    }

    private String start() {
        Answer answer = ask("POST", RUNS, "{}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.location();
    }

    /** The version that a run says it is of, in its output and to who asks. */
    private String ended(String run) {
        var end = executor.await(caller, run, "completed");
        String version = end.path("output").path("version").asString();
        assertThat(end.path("workflow").path("version").asString()).isEqualTo(version);
        return version;
    }

    private Answer ask(String method, String path, String body) {
        return executor.ask(caller, method, path, body);
    }
}
