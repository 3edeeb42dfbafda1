package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.ExecutorDatabase;
import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** How runs begin, on a node with few permits of which one organization may have half. */
class StartsIT {

    private static final int PERMITS = 16;

    private static ExecutorDatabase database;
    private static RunningExecutor executor;
    private static TestStreams streams;

    @BeforeAll
    static void start() {
        streams = TestStreams.emptied(10_000);
        database = new ExecutorDatabase();
        executor = RunningExecutor.start(database.settings(), "sluice.executor.max-runs=" + PERMITS);
    }

    @AfterAll
    static void stop() {
        executor.close();
        streams.close();
        database.close();
    }

    /** A start is answered from memory: whether it has a permit or not, as a look at it would be. */
    @Test
    void tellsOfAStartWhatALookAtItTells() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "nap", "do: [ { nap: { wait: PT3S } } ]");
        List<Answer> started = IntStream.rangeClosed(0, PERMITS / 2)
                .mapToObj(number ->
                        executor.ask(caller, "POST", workflow + "/runs", "{\"number\":" + number + ",\"none\":null}"))
                .toList();
        List<JsonNode> seen = started.stream()
                .map(answer ->
                        executor.ask(caller, "GET", answer.location(), null).json())
                .toList();

        assertThat(started).extracting(Answer::status).containsOnly(202);
        assertThat(started).extracting(answer -> answer.json()).isEqualTo(seen);
        assertThat(seen.getFirst().path("status").asString()).isEqualTo("running");
        assertThat(seen.getLast().path("status").asString()).isEqualTo("pending");
    }

    @Test
    void startsRunsByItselfUntilAVersionWithoutScheduleIsDeployed() {
        Principal caller = RunningExecutor.principal();
        String tasks = "do: [ { stand: { set: { input: \"${ . }\" } } } ]";
        String workflow = executor.deploy(caller, "often", "schedule: { every: PT1S }\n" + tasks);
        executor.awaitRuns(caller, 2);
        JsonNode run = executor.ask(caller, "GET", "/v1/runs", null)
                .json()
                .path("items")
                .get(1);
        assertThat(run.path("trigger").path("kind").asString()).isEqualTo("schedule");
        assertThat(run.path("trigger").path("at").asString()).endsWith("Z");

        String document = """
                document: { dsl: '1.0.3', namespace: test, name: often, version: '2.0.0' }
                """ + tasks;
        assertThat(executor.ask(caller, "POST", "/v1/workflows", document, "Content-Type", "application/yaml")
                        .status())
                .isEqualTo(201);

        int count = executor.ask(caller, "GET", "/v1/runs", null)
                .json()
                .path("items")
                .size();
        assertThat(Mono.delay(Duration.ofSeconds(3)).block()).isZero();
        assertThat(executor.ask(caller, "GET", "/v1/runs", null).json().path("items"))
                .hasSizeBetween(count, count + 1);
        assertThat(workflow).endsWith("/often");
    }

    @Test
    void startsARunAWhileAfterTheFormerHasEnded() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "again", """
                schedule: { after: { milliseconds: 500 } }
                do: [ { nap: { wait: { milliseconds: 300 } } }, { fail: { raise: { error: { type: 'urn:x', status: 400 } } } } ]
                """);
        executor.awaitRuns(caller, 3);
        JsonNode runs = executor.ask(caller, "GET", "/v1/runs", null).json().path("items");

        Instant ended = Instant.parse(runs.get(2).path("finishedAt").asString());
        Instant again = Instant.parse(runs.get(1).path("trigger").path("at").asString());
        assertThat(Duration.between(ended, again)).isEqualTo(Duration.ofMillis(500));
        assertThat(workflow).endsWith("/again");
    }

    @Test
    void repeatsAStartWithItsKeyAndRefusesAnotherBody() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "idempotent", """
                do:
                  - note: { set: { n: "${ .n }" } }
                """);
        List<Answer> answers = Objects.requireNonNull(Flux.range(0, 20)
                .flatMap(
                        i -> Mono.fromCallable(() -> executor.ask(
                                        caller, "POST", workflow + "/runs", "{\"n\":1}", "Idempotency-Key", "k1"))
                                .subscribeOn(Schedulers.boundedElastic()),
                        20)
                .collectList()
                .block(RunningExecutor.PATIENCE));

        assertThat(answers).extracting(Answer::status).containsOnly(202);
        assertThat(answers)
                .extracting(answer -> answer.location())
                .containsOnly(answers.getFirst().location());
        Answer other = executor.ask(caller, "POST", workflow + "/runs", "{\"n\":2}", "Idempotency-Key", "k1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().path("type").asString()).isEqualTo("urn:sluice:problem:idempotency-mismatch");
        Answer waited = executor.ask(
                caller, "POST", workflow + "/runs", "{\"n\":1}", "Idempotency-Key", "k1", "Prefer", "wait=5");
        assertThat(waited.body()).isEqualTo("{\"n\":1}");
    }
}
