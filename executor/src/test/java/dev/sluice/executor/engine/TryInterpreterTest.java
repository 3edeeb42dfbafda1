package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

class TryInterpreterTest {

    private static final String RETRYING = """
            do:
              - attempt:
                  try:
                    - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                  catch:
                    errors: { with: { type: "https://serverlessworkflow.io/spec/1.0.0/errors/communication", status: 503 } }
                    as: problem
                    retry:
                      delay: { seconds: 2 }
                      backoff: { exponential: {} }
                      limit: { attempt: { count: 3 } }
                    do:
                      - rescue: { set: { rescued: "${ $problem.status }", place: "${ $problem.instance }" } }
            """;

    @Test
    void retriesWithGrowingDelays() {
        AtomicInteger failures = new AtomicInteger(3);
        Rehearsal rehearsal = Rehearsal.of(RETRYING, "{}")
                .upstream(call -> failures.getAndDecrement() > 0 ? failing(503) : Mono.just(Json.string("fine")));

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(rehearsal.calls).hasSize(4);
        assertThat(Duration.ofNanos(rehearsal.time.now(TimeUnit.NANOSECONDS)).toSeconds())
                .isEqualTo(14);
        assertThat(rehearsal.calls.stream().map(Rehearsal.Call::key).distinct()).hasSize(4);
    }

    @Test
    void handlesWhatRetriesDoNotMend() {
        Rehearsal rehearsal = Rehearsal.of(RETRYING, "{}").upstream(call -> failing(503));

        assertThat(rehearsal.finish()).isEqualTo("""
                {"rescued":503,"place":"/do/0/attempt/try/0/ask"}""");
        assertThat(rehearsal.calls).hasSize(4);
    }

    @Test
    void letsOtherErrorsPass() {
        Rehearsal rehearsal = Rehearsal.of(RETRYING, "{}").upstream(call -> failing(404));

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(rehearsal::finish)
                .satisfies(fault -> assertThat(fault.error().status()).isEqualTo(404));
        assertThat(rehearsal.calls).hasSize(1);
    }

    @Test
    void keepsAttemptsAndDelaysAcrossACrash() {
        AtomicInteger failures = new AtomicInteger(2);
        Rehearsal rehearsal = Rehearsal.of(RETRYING, "{}")
                .upstream(call -> failures.getAndDecrement() > 0 ? failing(503) : Mono.just(Json.string("fine")))
                .crashAfter(3);
        rehearsal.dies();
        assertThat(rehearsal.disk.stream().map(entry -> entry.kind()))
                .containsExactly(EntryKind.FAILED, EntryKind.RETRY, EntryKind.FAILED);
        rehearsal.recover();

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(rehearsal.calls).hasSize(3);
    }

    @Test
    void keepsWhatWasExportedBeforeTheError() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - attempt:
                      try:
                        - note: { set: { x: 1 }, export: { as: "{ noted: true }" } }
                        - fail: { raise: { error: { type: "https://example.com/odd", status: 418, title: Odd } } }
                      catch:
                        do:
                          - show: { set: { context: "${ $context }", type: "${ $error.type }", from: "${ . }" } }
                """, "{\"in\":1}");

        assertThat(rehearsal.finish()).isEqualTo("""
                        {"context":{"noted":true},"type":"https://example.com/odd","from":{"in":1}}""");
    }

    @Test
    void endsATaskAtItsTimeoutWhereverTheRunIs() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - attempt:
                      try:
                        - limited:
                            timeout: { after: { seconds: 5 } }
                            try:
                              - ask: { call: http, with: { method: get, endpoint: "http://up/never" } }
                            catch:
                              do:
                                - inner: { set: { caught: inside } }
                      catch:
                        errors: { with: { type: "https://open-workflow-specification.org/dsl/errors/types/timeout" } }
                        do:
                          - outer: { set: { caught: outside, place: "${ $error.instance }" } }
                """, "{}").upstream(call -> Mono.never());

        assertThat(rehearsal.finish()).isEqualTo("""
                        {"caught":"outside","place":"/do/0/attempt/try/0/limited"}""");
        assertThat(rehearsal.finish()).contains("outside");
        assertThat(rehearsal.calls).hasSize(1);
    }

    @Test
    void waitsOnceFromWhenItFirstBegan() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - pause: { wait: { seconds: 50 } }
                  - ask: { call: http, with: { method: get, endpoint: "http://up/x" } }
                """, "{}").crashAfter(1);
        StepVerifier.Step<JsonNode> early = StepVerifier.create(rehearsal.run())
                .then(() -> rehearsal.time.advanceTimeBy(Duration.ofSeconds(30)))
                .expectNoEvent(Duration.ZERO.plusMillis(1));
        early.thenCancel().verify(Duration.ofSeconds(5));
        rehearsal.recover();

        assertThat(rehearsal.finish()).isEqualTo("{}");
        assertThat(rehearsal.time.now(TimeUnit.SECONDS)).isEqualTo(50);
    }

    @Test
    void leavesMemoryForALongWait() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - pause: { wait: PT2H }
                """, "{\"kept\":1}");

        rehearsal
                .run()
                .as(StepVerifier::create)
                .then(rehearsal.time::advanceTime)
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                Parked.class,
                                parked -> assertThat(parked.until()).isEqualTo(Rehearsal.START.plusSeconds(7200))))
                .verify(Duration.ofSeconds(5));
        rehearsal.time.advanceTimeBy(Duration.ofHours(2));
        assertThat(rehearsal.finish()).isEqualTo("{\"kept\":1}");
        assertThat(rehearsal.disk).hasSize(1);
    }

    @Test
    void cancelsTheCallUnderWay() {
        AtomicInteger cancelled = new AtomicInteger();
        Rehearsal rehearsal =
                Rehearsal.of("""
                do:
                  - ask: { call: http, with: { method: get, endpoint: "http://up/x" } }
                  - more: { call: http, with: { method: get, endpoint: "http://up/y" } }
                """, "{}").upstream(call -> Mono.<JsonNode>never().doOnCancel(cancelled::incrementAndGet));

        rehearsal
                .run()
                .as(StepVerifier::create)
                .then(rehearsal.time::advanceTime)
                .thenCancel()
                .verify(Duration.ofSeconds(5));
        assertThat(cancelled).hasValue(1);
        assertThat(rehearsal.disk).isEqualTo(List.of());
    }

    private static Mono<JsonNode> failing(int status) {
        return Mono.error(() -> new CallFailure(
                ErrorType.COMMUNICATION.at("/do/0/attempt/try/0/ask", status, "Communication Error", null)));
    }
}
