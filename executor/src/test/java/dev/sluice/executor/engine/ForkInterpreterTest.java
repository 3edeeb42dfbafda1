package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

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
        assertThat(now(rehearsal)).isBefore(Rehearsal.START.plusSeconds(4));
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

        assertThat(parked(rehearsal)).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(10)));
        rehearsal.time.advanceTimeBy(Duration.ofMinutes(10));
        assertThat(parked(rehearsal)).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(15)));
        rehearsal.time.advanceTimeBy(Duration.ofMinutes(5));
        assertThat(parked(rehearsal)).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(30)));
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
            called.put(call.uri(), now(rehearsal));
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

        assertThat(parked(rehearsal)).isEqualTo(Rehearsal.START.plus(Duration.ofMinutes(20)));
    }

    /** The call that was cancelled may have been made; the one that failed is known to have. */
    @Test
    void repeatsACallThatWasCancelledByAFaultWithItsKey() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - guarded:
                      try:
                        - both:
                            fork:
                              branches:
                                - slow: { call: http, with: { method: get, endpoint: "http://up/slow" } }
                                - fails: { call: http, with: { method: get, endpoint: "http://up/fails" } }
                      catch: { retry: { delay: PT1S, limit: { attempt: { count: 2 } } } }
                """, "{}");
        rehearsal.upstream(call -> rehearsal.calls.size() > 2
                ? answer(rehearsal, call, 0)
                : call.uri().endsWith("slow") ? Mono.never() : later(rehearsal, failed("broken")));

        assertThat(rehearsal.finish()).contains("http://up/slow", "http://up/fails");

        assertThat(keys(rehearsal, "slow"))
                .hasSize(2)
                .containsOnly(keys(rehearsal, "slow").getFirst());
        assertThat(keys(rehearsal, "fails")).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void doesNotRepeatACancelledCallThatMustNotBe() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - guarded:
                      try:
                        - both:
                            fork:
                              branches:
                                - pay: { call: http, with: { method: post, endpoint: "http://up/pay" }, metadata: { sluice: { onUnknown: fail } } }
                                - fails: { call: http, with: { method: get, endpoint: "http://up/fails" } }
                      catch: { retry: { delay: PT1S, limit: { attempt: { count: 5 } } }, do: [ { tell: { set: { error: "${ $error.detail }" } } } ] }
                """, "{}");
        rehearsal.upstream(call -> call.uri().endsWith("pay")
                ? Mono.never()
                : rehearsal.calls.size() > 2 ? Mono.never() : later(rehearsal, failed("broken")));

        assertThat(rehearsal.finish()).contains("is not known");
        assertThat(keys(rehearsal, "pay")).hasSize(1);
    }

    /** What an attempt inside the branch had left unknown is still that when a sibling ends the branch. */
    @Test
    void keepsTheKeyOfAnAttemptInsideACancelledBranch() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - guarded:
                      try:
                        - both:
                            fork:
                              branches:
                                - inner:
                                    try:
                                      - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                                    catch: { retry: { delay: PT1S, limit: { attempt: { count: 5 } } } }
                                - fails: { call: http, with: { method: get, endpoint: "http://up/fails" } }
                      catch: { retry: { delay: PT1S, limit: { attempt: { count: 5 } } } }
                """, "{}");
        rehearsal.upstream(call -> {
            int asked = keys(rehearsal, "ask").size();
            if (call.uri().endsWith("ask")) {
                return asked == 1
                        ? Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/", "reset"), true))
                        : asked == 2 ? Mono.never() : answer(rehearsal, call, 0);
            }
            return keys(rehearsal, "fails").size() == 1
                    ? Mono.delay(Duration.ofSeconds(5), rehearsal.time).then(failed("broken"))
                    : answer(rehearsal, call, 0);
        });

        assertThat(rehearsal.finish()).contains("http://up/ask");
        assertThat(keys(rehearsal, "ask"))
                .hasSize(3)
                .containsOnly(keys(rehearsal, "ask").getFirst());
    }

    /**
     * After a crash before the decision the branch that decides is known at once; those declared behind it had begun too, also where
     * they compute for a while before they come to their calls again.
     */
    @ParameterizedTest
    @ValueSource(strings = {"true", "[range(20000)] | length > 0", "reduce range(50000) as $i (0; . + 1) | . > 0"})
    void keepsTheKeyOfABranchDeclaredBehindTheOneThatDecidedBeforeACrash(String condition) {
        String tasks = """
                do:
                  - guarded:
                      try:
                        - both:
                            fork:
                              branches:
                                - fails: { call: http, with: { method: get, endpoint: "http://up/fails" } }
                                - slow: { if: "${ %s }", call: http, with: { method: get, endpoint: "http://up/slow" } }
                      catch: { retry: { delay: PT1S, limit: { attempt: { count: 2 } } } }
                """.formatted(condition);
        Rehearsal rehearsal = Rehearsal.of(tasks, "{}").crashAfter(1);
        rehearsal.upstream(call -> keys(rehearsal, "fails").size() > 1
                ? answer(rehearsal, call, 0)
                : call.uri().endsWith("slow") ? Mono.never() : later(rehearsal, failed("broken")));
        assertThatExceptionOfType(FencedException.class).isThrownBy(rehearsal::finish);

        rehearsal.recover();
        assertThat(rehearsal.finish()).contains("http://up/slow");
        assertThat(keys(rehearsal, "slow"))
                .hasSizeGreaterThan(1)
                .containsOnly(keys(rehearsal, "slow").getFirst());
    }

    @Test
    void repeatsACallThatLostWithItsKey() {
        String tasks = """
                do:
                  - guarded:
                      try:
                        - race:
                            fork:
                              compete: true
                              branches:
                                - slow: { call: http, with: { method: get, endpoint: "http://up/slow" } }
                                - quick: { call: http, with: { method: get, endpoint: "http://up/quick" } }
                        - fails: { call: http, with: { method: get, endpoint: "http://up/fails" } }
                      catch: { retry: { delay: PT1S, limit: { attempt: { count: 2 } } } }
                """;
        for (int crash = 0; crash < 5; crash++) {
            Rehearsal rehearsal = Rehearsal.of(tasks, "{}").crashAfter(crash);
            rehearsal.upstream(call -> call.uri().endsWith("slow")
                    ? Mono.never()
                    : call.uri().endsWith("quick")
                            ? answer(rehearsal, call, 1)
                            : keys(rehearsal, "fails").stream().distinct().count() < 2
                                    ? failed("broken")
                                    : answer(rehearsal, call, 0));
            assertThatExceptionOfType(FencedException.class).isThrownBy(rehearsal::finish);
            rehearsal.recover();

            assertThat(rehearsal.finish()).as("crash after %d", crash).contains("http://up/fails");

            assertThat(keys(rehearsal, "slow"))
                    .as("crash after %d", crash)
                    .containsOnly(keys(rehearsal, "slow").getFirst());
            assertThat(keys(rehearsal, "quick").stream().distinct())
                    .as("crash after %d", crash)
                    .hasSize(2);
        }
    }

    /** Whatever was in the journal when it crashed is not done again, and the output is one that a whole run can give. */
    @Test
    void repeatsNoJournaledCallWhereverItCrashes() {
        String tasks = """
                do:
                  - both:
                      fork:
                        branches:
                          - loop:
                              for: { each: n, in: "[1, 2, 3, 4, 5]" }
                              do:
                                - ask: { call: http, with: { method: post, endpoint: "http://up/loop", body: { n: "${ $n }" } } }
                          - race:
                              fork:
                                compete: true
                                branches:
                                  - one: { do: [ { a: { call: http, with: { method: get, endpoint: "http://up/one" } } }, { b: { call: http, with: { method: get, endpoint: "http://up/two" } } } ] }
                                  - other: { call: http, with: { method: get, endpoint: "http://up/other" } }
                          - nap: { wait: { seconds: 7 } }
                  - last: { call: http, with: { method: post, endpoint: "http://up/last", body: "${ .[0] }" } }
                """;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Rehearsal rehearsal = Rehearsal.of(tasks, "{}");
            rehearsal.upstream(call -> answer(rehearsal, call, random.nextInt(4)));
            for (int crashes = random.nextInt(1, 4); crashes > 0; crashes--) {
                rehearsal.crashAfter(random.nextInt(12));
                assertThat(repeated(rehearsal)).as("seed %d", seed).isEmpty();
            }
            rehearsal.recover();
            assertThat(repeated(rehearsal)).as("seed %d", seed).isEmpty();

            String output = rehearsal.finish();
            assertThat(output)
                    .as("seed %d", seed)
                    .contains("\"uri\":\"http://up/last\"")
                    .contains("{\"n\":5}");
            assertThat(rehearsal.finish()).as("seed %d, replayed", seed).isEqualTo(output);
            assertThat(rehearsal.disk).extracting(Entry::seq).isSorted().doesNotHaveDuplicates();
            assertThat(rehearsal.disk).extracting(Entry::path).doesNotHaveDuplicates();
        }
    }

    /** Goes on until the end or a crash, and gives the calls made although their answers were in the journal. */
    private static List<JsonNode> repeated(Rehearsal rehearsal) {
        List<JsonNode> known = rehearsal.disk.stream()
                .filter(entry -> entry.kind() == EntryKind.COMPLETED)
                .map(Entry::payload)
                .toList();
        int before = rehearsal.calls.size();
        try {
            assertThat(rehearsal.finish()).isNotEmpty();
        } catch (FencedException e) {
            assertThat(e).hasMessage("crashed");
        }
        return rehearsal.calls.subList(before, rehearsal.calls.size()).stream()
                .map(ForkInterpreterTest::echo)
                .filter(known::contains)
                .toList();
    }

    private static Mono<JsonNode> answer(Rehearsal rehearsal, Rehearsal.Call call, int seconds) {
        JsonNode answer = echo(call);
        return seconds == 0
                ? Mono.just(answer)
                : Mono.delay(Duration.ofSeconds(seconds), rehearsal.time).thenReturn(answer);
    }

    private static JsonNode echo(Rehearsal.Call call) {
        return Json.object().put("uri", call.uri()).set("body", call.body() == null ? Json.object() : call.body());
    }

    private static Mono<JsonNode> later(Rehearsal rehearsal, Mono<JsonNode> answer) {
        return Mono.delay(Duration.ofSeconds(1), rehearsal.time).then(answer);
    }

    private static List<String> keys(Rehearsal rehearsal, String uri) {
        return rehearsal.calls.stream()
                .filter(call -> call.uri().endsWith(uri))
                .map(Rehearsal.Call::key)
                .toList();
    }

    private static Mono<JsonNode> failed(String detail) {
        return Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/", detail)));
    }

    private static Instant parked(Rehearsal rehearsal) {
        Instant[] until = new Instant[1];
        assertThatExceptionOfType(Parked.class)
                .isThrownBy(rehearsal::finish)
                .satisfies(parked -> until[0] = Objects.requireNonNull(parked.until()));
        return until[0];
    }

    private static Instant now(Rehearsal rehearsal) {
        return rehearsal.clock().instant();
    }
}
