package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.Echo.answer;
import static dev.sluice.executor.engine.Echo.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What is done again of branches that were cancelled or that a crash ended, and with which keys. */
final class ForkRepetitionTest {

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

        assertThat(rehearsal.keys("slow"))
                .hasSize(2)
                .containsOnly(rehearsal.keys("slow").getFirst());
        assertThat(rehearsal.keys("fails")).hasSize(2).doesNotHaveDuplicates();
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
        assertThat(rehearsal.keys("pay")).hasSize(1);
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
            int asked = rehearsal.keys("ask").size();
            if (call.uri().endsWith("ask")) {
                return asked == 1
                        ? Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/", "reset"), true))
                        : asked == 2 ? Mono.never() : answer(rehearsal, call, 0);
            }
            return rehearsal.keys("fails").size() == 1
                    ? Mono.delay(Duration.ofSeconds(5), rehearsal.time).then(failed("broken"))
                    : answer(rehearsal, call, 0);
        });

        assertThat(rehearsal.finish()).contains("http://up/ask");
        assertThat(rehearsal.keys("ask"))
                .hasSize(3)
                .containsOnly(rehearsal.keys("ask").getFirst());
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
        rehearsal.upstream(call -> rehearsal.keys("fails").size() > 1
                ? answer(rehearsal, call, 0)
                : call.uri().endsWith("slow") ? Mono.never() : later(rehearsal, failed("broken")));
        rehearsal.dies();

        rehearsal.recover();
        assertThat(rehearsal.finish()).contains("http://up/slow");
        assertThat(rehearsal.keys("slow"))
                .hasSizeGreaterThan(1)
                .containsOnly(rehearsal.keys("slow").getFirst());
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
                            : rehearsal.keys("fails").stream().distinct().count() < 2
                                    ? failed("broken")
                                    : answer(rehearsal, call, 0));
            rehearsal.dies();
            rehearsal.recover();

            assertThat(rehearsal.finish()).as("crash after %d", crash).contains("http://up/fails");

            assertThat(rehearsal.keys("slow"))
                    .as("crash after %d", crash)
                    .containsOnly(rehearsal.keys("slow").getFirst());
            assertThat(rehearsal.keys("quick").stream().distinct())
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
                .map(Echo::of)
                .filter(known::contains)
                .toList();
    }

    private static Mono<JsonNode> later(Rehearsal rehearsal, Mono<JsonNode> answer) {
        return Mono.delay(Duration.ofSeconds(1), rehearsal.time).then(answer);
    }
}
