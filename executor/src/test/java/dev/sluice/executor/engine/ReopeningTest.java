package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Runs that go on after they ended: what happens again, and with which keys. */
class ReopeningTest {

    private static final String TWO_CALLS = """
            do:
              - first: { call: http, with: { method: post, endpoint: "http://up/first" } }
              - second: { call: http, with: { method: post, endpoint: "http://up/second" } }
              - show: { set: { got: "${ . }" } }
            """;

    @Test
    void triesWhatFailedAgainWithANewKeyAndNothingElse() {
        Rehearsal rehearsal =
                Rehearsal.of(TWO_CALLS, "{}").upstream(answers("/second", List.of(known(), known(), fine())));
        fails(rehearsal);
        rehearsal.retry();
        fails(rehearsal);
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"fine\"}");
        assertThat(keys(rehearsal, "/first")).hasSize(1);
        assertThat(keys(rehearsal, "/second")).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void keepsTheKeyOfACallWhoseOutcomeIsUnknown() {
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS, "{}")
                .upstream(answers("/second", List.of(unknown(), known(), unknown(), fine())));
        for (int i = 0; i < 3; i++) {
            fails(rehearsal);
            rehearsal.retry();
        }

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"fine\"}");
        List<String> keys = keys(rehearsal, "/second");
        assertThat(keys.get(1)).as("unknown").isEqualTo(keys.get(0));
        assertThat(keys.get(2)).as("answered").isNotEqualTo(keys.get(1));
        assertThat(keys.get(3)).as("unknown again").isEqualTo(keys.get(2));
    }

    @Test
    void makesACallAgainThatMustNotBeRepeatedUnasked() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - pay:
                      call: http
                      with: { method: post, endpoint: "http://up/pay" }
                      metadata: { sluice: { onUnknown: fail } }
                """, "{}").upstream(answers("/pay", List.of(unknown(), fine())));
        fails(rehearsal);
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(keys(rehearsal, "/pay")).hasSize(2);
        assertThat(keys(rehearsal, "/pay").stream().distinct()).hasSize(1);
    }

    @Test
    void makesSuchACallOnceEachTimeItIsAskedFor() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - attempt:
                      try:
                        - pay:
                            call: http
                            with: { method: post, endpoint: "http://up/pay" }
                            metadata: { sluice: { onUnknown: fail } }
                      catch:
                        errors: { with: { status: 503 } }
                """, "{}").upstream(answers("/pay", List.of(unknown(), fine(), fine())));
        fails(rehearsal);
        rehearsal.retry();
        rehearsal.crashAfter(1); // it is about to be made
        rehearsal.dies();
        rehearsal.recover();
        fails(rehearsal);
        assertThat(keys(rehearsal, "/pay")).as("not after the crash").hasSize(2);
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(keys(rehearsal, "/pay").stream().distinct()).hasSize(1);
    }

    @Test
    void keepsTheKeyThatAttemptsSharedUntilOneIsAnswered() {
        Rehearsal rehearsal =
                Rehearsal.of("""
                do:
                  - attempt:
                      try:
                        - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                      catch:
                        retry: { delay: { seconds: 1 }, limit: { attempt: { count: 1 } } }
                        errors: { with: { status: 504 } }
                  - raise: { set: { done: true } }
                """, "{}").upstream(answers("/ask", List.of(unknown(), known(), unknown(), fine())));
        fails(rehearsal);
        rehearsal.retry();

        assertThat(rehearsal.finish()).as("caught and not tried again").isEqualTo("{\"done\":true}");
        List<String> keys = keys(rehearsal, "/ask");
        assertThat(keys).hasSize(3);
        assertThat(keys.get(1))
                .as("the outcome of the first attempt is unknown")
                .isEqualTo(keys.get(0));
        assertThat(keys.get(2)).as("the second was answered").isNotEqualTo(keys.get(0));
    }

    @Test
    void leavesAloneWhatWasCaught() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - guarded:
                      try:
                        - odd: { call: http, with: { method: post, endpoint: "http://up/odd" } }
                      catch: { do: [ { mend: { set: { mended: true } } } ] }
                  - last: { call: http, with: { method: post, endpoint: "http://up/last", body: "${ . }" } }
                """, "{}")
                .upstream(call -> call.number() < 2 ? known() : Mono.just(Json.string("" + call.body())));
        fails(rehearsal);
        rehearsal.retry();

        assertThat(rehearsal.finish()).contains("mended");
        assertThat(keys(rehearsal, "/odd")).hasSize(1);
    }

    @Test
    void goesOnWithTheBranchThatFailedAndTheOthersThatWereCancelled() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - all:
                      fork:
                        branches:
                          - quick: { call: http, with: { method: post, endpoint: "http://up/quick" } }
                          - slow: { call: http, with: { method: post, endpoint: "http://up/slow" } }
                          - odd:
                              do:
                                - nap: { wait: { seconds: 2 } }
                                - inner: { fork: { branches: [ { ask: { call: http, with: { method: post, endpoint: "http://up/odd" } } } ] } }
                """, "{}");
        rehearsal.upstream(call -> call.uri().endsWith("slow")
                ? Mono.delay(Duration.ofSeconds(5), rehearsal.time).then(fine())
                : call.uri().endsWith("odd") && call.number() < 3 ? known() : fine());
        fails(rehearsal);
        assertThat(rehearsal.disk)
                .filteredOn(entry -> entry.kind() == EntryKind.DECIDED)
                .hasSize(2);
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("[\"fine\",\"fine\",[\"fine\"]]");
        assertThat(keys(rehearsal, "/quick")).hasSize(1);
        assertThat(keys(rehearsal, "/slow")).hasSize(2);
        assertThat(keys(rehearsal, "/slow").stream().distinct())
                .as("nobody knows what it did")
                .hasSize(1);
        assertThat(keys(rehearsal, "/odd")).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void givesWhatIsOpenAllItsTimeAgain() {
        Rehearsal rehearsal = Rehearsal.of("""
                timeout: { after: { seconds: 20 } }
                do:
                  - part:
                      timeout: { after: { seconds: 10 } }
                      do:
                        - nap: { wait: { seconds: 4 } }
                        - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                        - rest: { wait: { seconds: 3 } }
                """, "{}");
        rehearsal.upstream(call -> call.number() == 0
                ? Mono.never()
                : Mono.delay(Duration.ofSeconds(6), rehearsal.time).then(fine()));
        assertThat(fails(rehearsal).error().status()).isEqualTo(408);
        rehearsal.time.advanceTimeBy(Duration.ofHours(1));
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(keys(rehearsal, "/ask").stream().distinct())
                .as("nobody knows what it did")
                .hasSize(1);
    }

    @Test
    void waitsOnWhenTheTimeWasUpInAWait() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - nap: { wait: { seconds: 15 }, timeout: { after: { seconds: 10 } } }
                """, "{}");
        assertThat(fails(rehearsal).error().status()).isEqualTo(408);
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("{}");
        assertThat(rehearsal.now()).as("as long as it should from the first").isBefore(Rehearsal.START.plusSeconds(16));
    }

    @Test
    void comesToTheSameRaiseAgain() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                  - stop: { raise: { error: { type: 'urn:no', status: 400 } } }
                """, "{}").upstream(call -> fine());
        assertThat(fails(rehearsal).origin()).isNull();
        rehearsal.retry();

        assertThat(fails(rehearsal).error().type()).isEqualTo("urn:no");
        assertThat(rehearsal.calls).hasSize(1);
    }

    @Test
    void runsAgainFromATaskOnWithWhatWasThereBefore() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - first: { call: http, with: { method: post, endpoint: "http://up/first" }, export: { as: . } }
                  - second: { call: http, with: { method: post, endpoint: "http://up/second", body: "${ . }" } }
                  - third: { call: http, with: { method: post, endpoint: "http://up/third", body: "${ . }" } }
                  - show: { set: { got: "${ . }", context: "${ $context }" } }
                """, "{}").upstream(call -> Mono.just(Json.string("n" + call.number())));
        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"n2\",\"context\":\"n0\"}");

        rehearsal.rerun("/do/1/second");

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"n4\",\"context\":\"n0\"}");
        assertThat(keys(rehearsal, "/first")).hasSize(1);
        assertThat(keys(rehearsal, "/second")).hasSize(2).doesNotHaveDuplicates();
        assertThat(keys(rehearsal, "/third")).hasSize(2).doesNotHaveDuplicates();
        assertThat(rehearsal.calls.get(3).body()).isEqualTo(Json.string("n0"));
    }

    @Test
    void runsAgainFromInsideADoThatHadEnded() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - part:
                      do:
                        - a: { call: http, with: { method: post, endpoint: "http://up/a" } }
                        - b: { call: http, with: { method: post, endpoint: "http://up/b" } }
                        - c: { call: http, with: { method: post, endpoint: "http://up/c", body: "${ . }" } }
                  - last: { call: http, with: { method: post, endpoint: "http://up/last" } }
                """, "{}").upstream(call -> Mono.just(Json.string("n" + call.number())));
        assertThat(rehearsal.finish()).isEqualTo("\"n3\"");
        assertThat(rehearsal.disk).extracting(Entry::kind).contains(EntryKind.CHECKPOINT);

        rehearsal.rerun("/do/0/part/do/2/c");

        assertThat(rehearsal.finish()).isEqualTo("\"n5\"");
        assertThat(keys(rehearsal, "/a")).hasSize(1);
        assertThat(keys(rehearsal, "/b")).hasSize(1);
        assertThat(rehearsal.calls.get(4).body()).isEqualTo(Json.string("n1"));
        rehearsal.upstream(call -> Mono.error(new AssertionError("called again")));
        assertThat(rehearsal.finish()).as("replayed").isEqualTo("\"n5\"");
    }

    @Test
    void runsAgainFromTheFirstVisitOfATask() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - start: { set: { n: 0 }, export: { as: . } }
                  - ask: { call: http, with: { method: post, endpoint: "http://up/ask", body: "${ $context.n }" } }
                  - count: { set: { n: "${ $context.n + 1 }" }, export: { as: . } }
                  - loop: { switch: [ { again: { when: "$context.n < 3", then: ask } }, { done: { then: end } } ] }
                """, "{}").upstream(call -> fine());
        assertThat(rehearsal.finish()).isEqualTo("{\"n\":3}");

        rehearsal.rerun("/do/2/count");

        assertThat(rehearsal.finish()).isEqualTo("{\"n\":3}");
        assertThat(rehearsal.calls).hasSize(5);
        assertThat(rehearsal.calls)
                .extracting(call -> String.valueOf(call.body()))
                .containsExactly("0", "1", "2", "1", "2");
        assertThat(keys(rehearsal, "/ask")).doesNotHaveDuplicates();
    }

    @Test
    void findsNoVisitOfATaskItNeverCameTo() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - choose: { switch: [ { one: { when: ".never", then: skipped } }, { other: { then: stop } } ] }
                  - skipped: { set: { a: 1 } }
                  - stop: { raise: { error: { type: 'urn:no', status: 400 } } }
                  - behind: { set: { a: 1 } }
                """, "{}");
        fails(rehearsal);

        assertThat(rehearsal.firstVisit("/do/1/skipped")).isEmpty();
        assertThat(rehearsal.firstVisit("/do/3/behind")).isEmpty();
        assertThat(rehearsal.firstVisit("/do/2/stop")).contains("2");
    }

    @Test
    void findsNoVisitBehindWhatWasNotOver() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                  - nap: { wait: { hours: 1 } }
                  - behind: { set: { a: 1 } }
                """, "{}").upstream(call -> fine());
        assertThatExceptionOfType(Parked.class).isThrownBy(rehearsal::finish);

        assertThat(rehearsal.firstVisit("/do/1/nap")).contains("1");
        assertThat(rehearsal.firstVisit("/do/2/behind")).isEmpty();
        assertThat(rehearsal.calls).as("a search touches nothing").hasSize(1);
    }

    @Test
    void triesAgainWhatFailsInARerun() {
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS, "{}")
                .upstream(answers("/second", List.of(known(), known(), unknown(), fine())));
        fails(rehearsal);
        rehearsal.retry();
        fails(rehearsal);
        rehearsal.rerun("/do/0/first");
        fails(rehearsal);
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"fine\"}");
        assertThat(keys(rehearsal, "/first")).hasSize(2).doesNotHaveDuplicates();
        List<String> keys = keys(rehearsal, "/second");
        assertThat(keys.subList(0, 3)).doesNotHaveDuplicates();
        assertThat(keys.get(3)).isEqualTo(keys.get(2));
    }

    /**
     * Crashes, suspensions and retries at random moments: the output is what it would have been, and there is exactly one
     * key for each outcome that is known, whatever was repeated.
     */
    @Test
    void accountsForEveryCallHoweverOftenItCrashesHaltsAndIsRetried() {
        long seed = System.nanoTime();
        Map<Class<?>, Integer> met = new HashMap<>();
        for (int round = 0; round < 150; round++) {
            Random random = new Random(seed + round);
            assertThat(drill(random, met)).as("seed %d", seed + round).isEqualTo("[{\"n\":3},{\"n\":0}]");
        }
        assertThat(met)
                .as("what was met on the way, seed %d", seed)
                .containsOnlyKeys(TaskFault.class, Suspended.class, FencedException.class)
                .allSatisfy((kind, times) -> assertThat(times).isGreaterThan(50));
    }

    private static String drill(Random random, Map<Class<?>, Integer> met) {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - count:
                      for: { each: i, in: "${ [0, 1, 2] }" }
                      do:
                        - ask: { call: http, with: { method: post, endpoint: '${ "http://up/" + ($i | tostring) }' } }
                        - nap: { wait: { seconds: 1 } }
                  - both:
                      fork:
                        branches:
                          - one:
                              do:
                                - a: { call: http, with: { method: post, endpoint: "http://up/a" } }
                                - fix: { set: { n: 3 }, metadata: { sluice: { journal: true } } }
                          - two:
                              try:
                                - b: { call: http, with: { method: post, endpoint: "http://up/b" } }
                                - zero: { set: { n: 0 } }
                              catch: { errors: { with: { status: 504 } }, retry: { delay: { seconds: 1 }, limit: { attempt: { count: 9 } } } }
                """, "{}");
        rehearsal.upstream(call -> {
            int fate = random.nextInt(10);
            String answer = fate < 2 ? "refused" : fate < 4 ? "broken" : "fine";
            return Mono.delay(Duration.ofMillis(100 + random.nextInt(900)), rehearsal.time)
                    .then(answer.equals("fine") ? fine() : answer.equals("broken") ? unknown() : known());
        });
        for (int turn = 0; turn < 500; turn++) {
            rehearsal.recover();
            if (random.nextInt(3) == 0) {
                rehearsal.crashAfter(random.nextInt(4));
            }
            if (random.nextInt(3) == 0) {
                rehearsal.haltAfter(Duration.ofMillis(1 + random.nextInt(4000)));
            }
            try {
                String output = rehearsal.finish();
                checkKeys(rehearsal);
                return output;
            } catch (TaskFault fault) {
                met.merge(TaskFault.class, 1, Integer::sum);
                rehearsal.recover();
                rehearsal.retry(fault);
            } catch (Suspended | FencedException interrupted) {
                met.merge(interrupted.getClass(), 1, Integer::sum);
            }
        }
        throw new AssertionError("does not end");
    }

    private static void checkKeys(Rehearsal rehearsal) {
        Map<String, Integer> uses = new HashMap<>();
        rehearsal.calls.forEach(call -> uses.merge(call.uri() + " " + call.key(), 1, Integer::sum));
        long known = rehearsal.disk.stream()
                .filter(entry -> entry.taskType().equals("call"))
                .filter(entry -> entry.kind() == EntryKind.COMPLETED
                        || (entry.kind() == EntryKind.FAILED
                                && !entry.payload().path("unknown").asBoolean(false)))
                .count();
        assertThat(uses).as("one key for each known outcome").hasSize((int) known);
    }

    @CanIgnoreReturnValue
    private static TaskFault fails(Rehearsal rehearsal) {
        return rehearsal.fails();
    }

    private static Function<Rehearsal.Call, Mono<JsonNode>> answers(String path, List<Mono<JsonNode>> answers) {
        Deque<Mono<JsonNode>> left = new ArrayDeque<>(answers);
        return call -> call.uri().endsWith(path) ? left.removeFirst() : fine();
    }

    private static List<String> keys(Rehearsal rehearsal, String path) {
        return rehearsal.calls.stream()
                .filter(call -> call.uri().endsWith(path))
                .map(Rehearsal.Call::key)
                .toList();
    }

    private static Mono<JsonNode> fine() {
        return Mono.just(Json.string("fine"));
    }

    private static Mono<JsonNode> known() {
        return Mono.error(() -> new CallFailure(ErrorType.COMMUNICATION.at("/do/0", 503, "Communication Error", null)));
    }

    private static Mono<JsonNode> unknown() {
        return Mono.error(
                () -> new CallFailure(ErrorType.COMMUNICATION.at("/do/0", 504, "Communication Error", null), true));
    }
}
