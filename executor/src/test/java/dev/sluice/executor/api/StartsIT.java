package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** How runs begin, on a node with few permits of which one organization may have half. */
class StartsIT {

    private static final int PERMITS = 16;

    @AutoClose
    private static final Cluster CLUSTER =
            Cluster.start(1, "sluice.executor.max-runs=" + PERMITS, "sluice.executor.park-after=1h");

    private final Tenant tenant = CLUSTER.tenant();

    /** A start is answered from memory: whether it has a permit or not, as a look at it would be. */
    @Test
    void tellsOfAStartWhatALookAtItTells() {
        String workflow = tenant.deploy("nap", "do: [ { nap: { wait: PT1H } } ]");
        List<Answer> started = IntStream.rangeClosed(0, PERMITS / 2)
                .mapToObj(number -> tenant.ask("POST", workflow + "/runs", "{\"number\":" + number + ",\"none\":null}"))
                .toList();
        List<JsonNode> seen =
                started.stream().map(answer -> tenant.get(answer.location())).toList();

        assertThat(started).extracting(Answer::status).containsOnly(202);
        assertThat(started).extracting(answer -> answer.json()).isEqualTo(seen);
        assertThat(seen.getFirst().path("status").asString()).isEqualTo("running");
        assertThat(seen.getLast().path("status").asString()).isEqualTo("pending");
        started.forEach(answer -> tenant.post(answer.location() + ":cancel"));
    }

    @Test
    void startsRunsByItselfUntilAVersionWithoutScheduleIsDeployed() {
        String tasks = "do: [ { stand: { set: { input: \"${ . }\" } } } ]";
        String workflow = tenant.deploy("often", "schedule: { every: PT1S }\n" + tasks);
        tenant.awaitRuns(2);
        JsonNode run = tenant.get("/v1/runs").path("items").get(1);
        assertThat(run.path("trigger").path("kind").asString()).isEqualTo("schedule");
        assertThat(run.path("trigger").path("at").asString()).endsWith("Z");

        String document = """
                document: { dsl: '1.0.3', namespace: test, name: often, version: '2.0.0' }
                """ + tasks;
        assertThat(tenant.ask("POST", "/v1/workflows", document, "Content-Type", "application/yaml")
                        .status())
                .isEqualTo(201);

        int count = tenant.get("/v1/runs").path("items").size();
        assertThat(Mono.delay(Duration.ofSeconds(3)).block()).isZero();
        assertThat(tenant.get("/v1/runs").path("items")).hasSizeBetween(count, count + 1);
        assertThat(workflow).endsWith("/often");
    }

    @Test
    void startsARunAWhileAfterTheFormerHasEnded() {
        String workflow = tenant.deploy("again", """
                schedule: { after: { milliseconds: 500 } }
                do: [ { nap: { wait: { milliseconds: 300 } } }, { fail: { raise: { error: { type: 'urn:x', status: 400 } } } } ]
                """);
        tenant.awaitRuns(3);
        JsonNode runs = tenant.get("/v1/runs").path("items");

        Instant ended = Instant.parse(runs.get(2).path("finishedAt").asString());
        Instant again = Instant.parse(runs.get(1).path("trigger").path("at").asString());
        assertThat(Duration.between(ended, again)).isEqualTo(Duration.ofMillis(500));
        assertThat(workflow).endsWith("/again");
    }

    @Test
    void repeatsAStartWithItsKeyAndRefusesAnotherBody() {
        String workflow = tenant.deploy("idempotent", """
                do:
                  - note: { set: { n: "${ .n }" } }
                """);
        List<Answer> answers = Objects.requireNonNull(Flux.range(0, 20)
                .flatMap(
                        i -> Mono.fromCallable(() ->
                                        tenant.ask("POST", workflow + "/runs", "{\"n\":1}", "Idempotency-Key", "k1"))
                                .subscribeOn(Schedulers.boundedElastic()),
                        20)
                .collectList()
                .block(RunningExecutor.PATIENCE));

        assertThat(answers).extracting(Answer::status).containsOnly(202);
        assertThat(answers)
                .extracting(answer -> answer.location())
                .containsOnly(answers.getFirst().location());
        Answer other = tenant.ask("POST", workflow + "/runs", "{\"n\":2}", "Idempotency-Key", "k1");
        assertThat(other.status()).isEqualTo(422);
        assertThat(other.json().path("type").asString()).isEqualTo("urn:sluice:problem:idempotency-mismatch");
        Answer waited =
                tenant.ask("POST", workflow + "/runs", "{\"n\":1}", "Idempotency-Key", "k1", "Prefer", "wait=5");
        assertThat(waited.body()).isEqualTo("{\"n\":1}");
    }
}
