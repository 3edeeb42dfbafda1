package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;

/** {@code metadata.sluice.concurrency} of a {@code for}. */
final class ConcurrentForTest {

    private static final String SEVEN = """
            do:
              - each:
                  for: { each: n, in: "[range(7)]" }
                  metadata: { sluice: { concurrency: 3 } }
                  do:
                    - ask: { call: http, with: { method: post, endpoint: "http://up/", body: { n: "${ $n }", of: "${ .of }" } } }
                    - again: { call: http, with: { method: post, endpoint: "http://up/", body: { n: "${ $n }", last: "${ .n }" } } }
              - after: { set: { all: "${ . }" } }
            """;

    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    @Test
    void givesTheOutputsInOrderAndRunsSoManyAtATime() {
        Rehearsal rehearsal = seven();

        assertThat(rehearsal.finish())
                .isEqualTo("{\"all\":[0,10,20,30,40,50,60]}".replaceAll("([0-9]+)", "{\"n\":$1}"));
        assertThat(most.get()).isEqualTo(3);
        assertThat(rehearsal.calls).hasSize(14);
    }

    @Test
    void goesOnWhereItWasAfterEachCrash() {
        IntStream.range(0, 14).forEach(appends -> {
            Rehearsal rehearsal = seven();
            rehearsal.crashAfter(appends).dies();
            rehearsal.recover();

            assertThat(rehearsal.finish())
                    .as("crash after %d appends", appends)
                    .isEqualTo("{\"all\":[0,10,20,30,40,50,60]}".replaceAll("([0-9]+)", "{\"n\":$1}"));
            assertThat(rehearsal.calls.stream().map(Rehearsal.Call::key).distinct())
                    .as("crash after %d appends", appends)
                    .hasSize(14);
        });
    }

    @Test
    void endsWithTheFirstFaultAndCanBeCaught() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - t:
                      try:
                        - each:
                            for: { in: "[range(100)]" }
                            metadata: { sluice: { concurrency: 2 } }
                            do: [ { one: { if: $item == 3, raise: { error: { type: "https://x/y", status: 418 } } } } ]
                      catch: { do: [ { c: { set: { status: "${ $error.status }" } } } ] }
                """, "{}");

        assertThat(rehearsal.finish()).isEqualTo("{\"status\":418}");
        assertThat(rehearsal.disk).anyMatch(entry -> entry.kind() == EntryKind.DECIDED);
        assertThat(rehearsal.finish()).isEqualTo("{\"status\":418}");
    }

    @Test
    void waitsTogetherAndLeavesMemoryMeanwhile() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - each:
                      for: { each: n, in: "[range(5)]" }
                      metadata: { sluice: { concurrency: 2 } }
                      do: [ { pause: { wait: PT10S } }, { x: { set: { n: "${ $n }" } } } ]
                """, "{}");
        var begun = rehearsal.now();

        assertThat(rehearsal.finish()).isEqualTo("[0,1,2,3,4]".replaceAll("([0-9])", "{\"n\":$1}"));
        assertThat(Duration.between(begun, rehearsal.now())).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
    }

    @Test
    void takesNothingAndNotTooMuch() {
        String document = """
                do:
                  - each:
                      for: { in: "[range(.count)]" }
                      metadata: { sluice: { concurrency: 2 } }
                      do: [ { x: { set: { n: 1 } } } ]
                """;

        assertThat(Rehearsal.of(document, "{\"count\": 0}").finish()).isEqualTo("[]");
        TaskFault fault = Rehearsal.of(document, "{\"count\": 10001}").fails();
        assertThat(fault.error().type()).isEqualTo(ErrorType.VALIDATION.uri());
    }

    private Rehearsal seven() {
        Rehearsal rehearsal = Rehearsal.of(SEVEN, "{\"of\": 7}");
        return rehearsal.upstream(call -> slow(call, rehearsal.time));
    }

    /** The later ones are the quicker ones. */
    private Mono<JsonNode> slow(Rehearsal.Call call, Scheduler time) {
        JsonNode body = call.body();
        int n = body == null ? 0 : body.path("n").asInt();
        return Mono.defer(() -> {
            most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            return Mono.delay(Duration.ofMillis(10L * (7 - n % 10)), time)
                    .doFinally(end -> underWay.decrementAndGet())
                    .thenReturn(Json.object().put("n", n * 10));
        });
    }
}
