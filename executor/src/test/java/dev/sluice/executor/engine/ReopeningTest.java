package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.CallOutcomes.answers;
import static dev.sluice.executor.engine.CallOutcomes.fine;
import static dev.sluice.executor.engine.CallOutcomes.known;
import static dev.sluice.executor.engine.CallOutcomes.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

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
        rehearsal.fails();
        rehearsal.retry();
        rehearsal.fails();
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"fine\"}");
        assertThat(rehearsal.keys("/first")).hasSize(1);
        assertThat(rehearsal.keys("/second")).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void keepsTheKeyOfACallWhoseOutcomeIsUnknown() {
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS, "{}")
                .upstream(answers("/second", List.of(unknown(), known(), unknown(), fine())));
        for (int i = 0; i < 3; i++) {
            rehearsal.fails();
            rehearsal.retry();
        }

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"fine\"}");
        List<String> keys = rehearsal.keys("/second");
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
        rehearsal.fails();
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(rehearsal.keys("/pay")).hasSize(2);
        assertThat(rehearsal.keys("/pay").stream().distinct()).hasSize(1);
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
        rehearsal.fails();
        rehearsal.retry();
        rehearsal.crashAfter(1); // it is about to be made
        rehearsal.dies();
        rehearsal.recover();
        rehearsal.fails();
        assertThat(rehearsal.keys("/pay")).as("not after the crash").hasSize(2);
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(rehearsal.keys("/pay").stream().distinct()).hasSize(1);
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
        rehearsal.fails();
        rehearsal.retry();

        assertThat(rehearsal.finish()).as("caught and not tried again").isEqualTo("{\"done\":true}");
        List<String> keys = rehearsal.keys("/ask");
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
        rehearsal.fails();
        rehearsal.retry();

        assertThat(rehearsal.finish()).contains("mended");
        assertThat(rehearsal.keys("/odd")).hasSize(1);
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
        rehearsal.fails();
        assertThat(rehearsal.disk)
                .filteredOn(entry -> entry.kind() == EntryKind.DECIDED)
                .hasSize(2);
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("[\"fine\",\"fine\",[\"fine\"]]");
        assertThat(rehearsal.keys("/quick")).hasSize(1);
        assertThat(rehearsal.keys("/slow")).hasSize(2);
        assertThat(rehearsal.keys("/slow").stream().distinct())
                .as("nobody knows what it did")
                .hasSize(1);
        assertThat(rehearsal.keys("/odd")).hasSize(2).doesNotHaveDuplicates();
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
        assertThat(rehearsal.fails().error().status()).isEqualTo(408);
        rehearsal.time.advanceTimeBy(Duration.ofHours(1));
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(rehearsal.keys("/ask").stream().distinct())
                .as("nobody knows what it did")
                .hasSize(1);
    }

    @Test
    void waitsOnWhenTheTimeWasUpInAWait() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - nap: { wait: { seconds: 15 }, timeout: { after: { seconds: 10 } } }
                """, "{}");
        assertThat(rehearsal.fails().error().status()).isEqualTo(408);
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
        assertThat(rehearsal.fails().origin()).isNull();
        rehearsal.retry();

        assertThat(rehearsal.fails().error().type()).isEqualTo("urn:no");
        assertThat(rehearsal.calls).hasSize(1);
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
}
