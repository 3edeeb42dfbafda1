package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.Echo.answer;
import static dev.sluice.executor.engine.Echo.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Branches that go on together: what they come to, and when a run of them rests. */
class ForkInterpreterTest {

    private static final String TWO_CALLS = """
            do:
              - both:
                  fork:
                    compete: %s
                    branches:
                      - slow: { call: http, with: { method: post, endpoint: "http://up/slow", body: "${ . }" } }
                      - quick: { call: http, with: { method: post, endpoint: "http://up/quick", body: "${ . }" } }
              - show: { set: { got: "${ . }" } }
            """;

    @Test
    void runsBranchesTogetherAndGivesTheirOutputsInTheOrderOfTheDocument() {
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS.formatted(false), "{\"n\":1}");
        rehearsal.upstream(call -> answer(rehearsal, call, call.uri().endsWith("slow") ? 3 : 1));

        assertThat(rehearsal.finish()).isEqualTo("""
                {"got":[{"uri":"http://up/slow","body":{"n":1}},{"uri":"http://up/quick","body":{"n":1}}]}""");
        assertThat(rehearsal.now()).isBefore(Rehearsal.START.plusSeconds(4));
        assertThat(rehearsal.disk).extracting(Entry::path).startsWith("0/f1", "0/f0");
    }

    @Test
    void givesTheFirstOutputOfBranchesThatCompeteAndCancelsTheOthers() {
        AtomicInteger cancelled = new AtomicInteger();
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS.formatted(true), "{\"n\":1}");
        rehearsal.upstream(call -> call.uri().endsWith("slow")
                ? Mono.<JsonNode>never().doOnCancel(cancelled::incrementAndGet)
                : answer(rehearsal, call, 1));
        String expected = """
                {"got":{"uri":"http://up/quick","body":{"n":1}}}""";

        assertThat(rehearsal.finish()).isEqualTo(expected);
        assertThat(cancelled).hasValue(1);
        assertThat(rehearsal.disk)
                .filteredOn(entry -> entry.kind() == EntryKind.DECIDED)
                .singleElement()
                .satisfies(entry ->
                        assertThat(entry.payload().path("branch").asInt()).isOne());
        rehearsal.upstream(call -> Mono.error(new AssertionError("called again")));
        assertThat(rehearsal.finish()).as("replayed").isEqualTo(expected);
    }

    @Test
    void letsTheOthersCompeteOnWhenOneFaults() {
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS.formatted(true), "{\"n\":1}");
        rehearsal.upstream(call -> call.uri().endsWith("quick") ? failed("down") : answer(rehearsal, call, 3));

        assertThat(rehearsal.finish()).contains("http://up/slow");
    }

    @Test
    void faultsWhenAllThatCompeteDo() {
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS.formatted(true), "{\"n\":1}");
        rehearsal.upstream(call -> failed(call.uri()));

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(rehearsal::finish)
                .satisfies(fault -> assertThat(fault.error().detail()).isEqualTo("http://up/slow"));
    }

    @Test
    void endsWithTheFirstFaultAndCancelsTheOthers() {
        AtomicInteger cancelled = new AtomicInteger();
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - guarded:
                      try:
                        - both:
                            fork:
                              branches:
                                - note: { do: [ { a: { set: { seen: true }, export: { as: . } } }, { b: { call: http, with: { method: get, endpoint: "http://up/slow" } } } ] }
                                - fail: { call: http, with: { method: get, endpoint: "http://up/quick" } }
                      catch:
                        do:
                          - tell: { set: { error: "${ $error.detail }", context: "${ $context }" } }
                """, "{\"n\":1}");
        rehearsal.upstream(call -> call.uri().endsWith("quick")
                ? Mono.delay(Duration.ofSeconds(1), rehearsal.time).then(failed("broken"))
                : Mono.<JsonNode>never().doOnCancel(cancelled::incrementAndGet));
        String expected = """
                {"error":"broken","context":{"n":1}}""";

        assertThat(rehearsal.finish()).isEqualTo(expected);
        assertThat(cancelled).hasValue(1);
        rehearsal.upstream(call -> Mono.error(new AssertionError("called again")));
        assertThat(rehearsal.finish()).as("replayed").isEqualTo(expected);
    }

    @Test
    void joinsWhatTheBranchesChangedInTheContext() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - start: { set: { kept: 1, dropped: 2, twice: 0 }, export: { as: . } }
                  - both:
                      fork:
                        branches:
                          - one: { set: { x: 1 }, export: { as: "$context + { one: true, twice: 1 } | del(.dropped)" } }
                          - two: { do: [ { inner: { set: { x: 2 }, export: { as: "$context + { two: true, twice: 2 }" } } } ] }
                          - three: { set: { sees: "${ $context }" } }
                  - show: { set: { context: "${ $context }", third: "${ .[2] }" } }
                """, "{}");

        assertThat(rehearsal.finish()).isEqualTo("""
                {"context":{"kept":1,"twice":2,"one":true,"two":true},"third":{"sees":{"kept":1,"dropped":2,"twice":0}}}""");
    }

    @Test
    void endsTheWorkflowAfterTheJoinWhenABranchSaysSo() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - last: { set: { x: 1 }, then: end }
                          - other: { call: http, with: { method: get, endpoint: "http://up/other" } }
                  - never: { set: { x: 3 } }
                """, "{}");
        rehearsal.upstream(call -> Mono.just(Json.string("done")));

        assertThat(rehearsal.finish()).isEqualTo("[{\"x\":1},\"done\"]");
    }

    @Test
    void leavesMemoryOnlyWhenAllBranchesWaitAndWakesForTheFirst() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - long: { wait: { minutes: 30 } }
                          - short: { do: [ { nap: { wait: { minutes: 10 } } }, { again: { wait: { minutes: 5 } } } ] }
                """, "{\"n\":1}");

        assertThat(rehearsal.parks()).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(10)));
        rehearsal.time.advanceTimeBy(Duration.ofMinutes(10));
        assertThat(rehearsal.parks()).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(15)));
        rehearsal.time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(rehearsal.parks()).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(30)));
        rehearsal.time.advanceTimeBy(Duration.ofMinutes(15));
        assertThat(rehearsal.finish()).isEqualTo("[{\"n\":1},{\"n\":1}]");
    }

    @Test
    void wakesABranchInTimeAlthoughAnotherIsAtWork() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - sleeper: { do: [ { nap: { wait: { minutes: 2 } } }, { call: { call: http, with: { method: get, endpoint: "http://up/woken" } } } ] }
                          - worker: { call: http, with: { method: get, endpoint: "http://up/work" } }
                """, "{}");
        Map<String, Instant> called = new HashMap<>();
        rehearsal.upstream(call -> {
            called.put(call.uri(), rehearsal.now());
            return answer(rehearsal, call, call.uri().endsWith("work") ? 600 : 1);
        });

        assertThat(rehearsal.finish()).contains("http://up/woken");
        assertThat(called.get("http://up/woken")).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(2)));
    }

    @Test
    void parksForTheWaitThatIsLeftWhenItsSiblingEnds() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - sleeper: { wait: { minutes: 20 } }
                          - worker: { call: http, with: { method: get, endpoint: "http://up/work" } }
                """, "{}");
        rehearsal.upstream(call -> answer(rehearsal, call, 5));

        assertThat(rehearsal.parks()).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(20)));
    }
}
