package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Where a run halts, and that it goes on from there as if nothing had been. */
class SuspensionTest {

    private static final String TWO_CALLS = """
            do:
              - first: { call: http, with: { method: post, endpoint: "http://up/first" } }
              - second: { call: http, with: { method: post, endpoint: "http://up/second" } }
              - show: { set: { got: "${ . }" } }
            """;

    @Test
    void letsTheCallUnderWayEndAndBeginsNoOther() {
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS, "{}");
        rehearsal.upstream(call -> later(rehearsal, 10)).haltAfter(Duration.ofSeconds(1));

        rehearsal.halts();

        assertThat(rehearsal.disk).extracting(Entry::kind).containsExactly(EntryKind.COMPLETED);
        assertThat(rehearsal.calls).hasSize(1);
        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"fine\"}");
        assertThat(rehearsal.calls)
                .extracting(Rehearsal.Call::uri)
                .containsExactly("http://up/first", "http://up/second");
    }

    @Test
    void countsABranchInAShortWaitAsResting() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - nap: { wait: { seconds: 30 } }
                          - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                  - show: { set: { got: "${ . }" } }
                """, "{}");
        rehearsal.upstream(call -> later(rehearsal, 5)).haltAfter(Duration.ofSeconds(1));

        rehearsal.halts();

        assertThat(rehearsal.now()).isBefore(Rehearsal.START.plusSeconds(10));
        assertThat(rehearsal.finish()).isEqualTo("{\"got\":[{},\"fine\"]}");
        assertThat(rehearsal.calls).hasSize(1);
        assertThat(rehearsal.now()).as("the wait began before").isBefore(Rehearsal.START.plusSeconds(31));
    }

    @Test
    void haltsAtOnceWhileItOnlyWaits() {
        Rehearsal rehearsal =
                Rehearsal.of("do: [ { nap: { wait: { seconds: 30 } } } ]", "{}").haltAfter(Duration.ofSeconds(2));

        rehearsal.halts();

        assertThat(rehearsal.now()).isBefore(Rehearsal.START.plusSeconds(3));
    }

    @Test
    void haltsARunThatOnlyComputes() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - nap: { wait: { seconds: 2 } }
                  - spin: { set: { n: 1 }, then: spin }
                """, "{}").haltAfter(Duration.ofSeconds(1));

        rehearsal.halts();
    }

    @Test
    void beginsNoDelayAndNoValueOfItsOwn() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - attempt:
                      try:
                        - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                      catch:
                        retry: { delay: { seconds: 1 }, limit: { attempt: { count: 5 } } }
                  - fix: { set: { at: 1 }, metadata: { sluice: { journal: true } } }
                """, "{}");
        rehearsal
                .upstream(call -> call.number() == 0
                        ? later(rehearsal, 5)
                                .then(Mono.error(() -> new CallFailure(
                                        ErrorType.COMMUNICATION.at("/do/0", 503, "Communication Error", null))))
                        : later(rehearsal, 5))
                .haltAfter(Duration.ofSeconds(1));

        rehearsal.halts();
        assertThat(rehearsal.disk).extracting(Entry::kind).containsExactly(EntryKind.FAILED);

        rehearsal.haltAfter(Duration.ofSeconds(3));
        rehearsal.halts();
        assertThat(rehearsal.disk)
                .extracting(Entry::kind)
                .containsExactly(EntryKind.FAILED, EntryKind.RETRY, EntryKind.COMPLETED);
        assertThat(rehearsal.finish()).isEqualTo("{\"at\":1}");
    }

    @Test
    void endsWhenNothingIsLeftToBegin() {
        Rehearsal rehearsal =
                Rehearsal.of("do: [ { ask: { call: http, with: { method: get, endpoint: \"http://up\" } } } ]", "{}");
        rehearsal.upstream(call -> later(rehearsal, 5)).haltAfter(Duration.ofSeconds(1));

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
    }

    private static Mono<JsonNode> later(Rehearsal rehearsal, int seconds) {
        return Mono.delay(Duration.ofSeconds(seconds), rehearsal.time).map(tick -> Json.string("fine"));
    }
}
