package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.SubscribedRun.TWO;
import static dev.sluice.executor.engine.SubscribedRun.call;
import static dev.sluice.executor.engine.SubscribedRun.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;

/** Runs that consume messages of a channel and are interrupted: by a crash, a halt, a lost connection, or their time. */
final class SubscribeRecoveryTest {

    /** After each entry: what is consumed stays consumed, and the channel goes on after it. */
    @ParameterizedTest
    @CsvSource({"0", "1", "2", "3", "4", "5"})
    void goesOnAfterACrashWithWhatItHasConsumed(int entries) {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - hear:
                      call: asyncapi
                      with:
                        document: { endpoint: "https://docs.example/channels.json" }
                        operation: hear
                        subscription:
                          consume: { until: "${ length == 3 }" }
                          foreach:
                            item: news
                            at: n
                            do:
                              - tell: { call: http, with: { method: post, endpoint: "http://up/{payload}" } }
                              - show: { set: { n: "${ $n }", was: "${ $news.payload }", before: "${ $context.seen // 0 }" } }
                            output: { as: "${ .was + .before }" }
                            export: { as: "${ { seen: $news.payload } }" }
                """, "{}").evaluatingAtOnce().crashAfter(entries);
        int consumed = 0;
        for (int turn = 0; turn < 4; turn++) {
            SubscribedRun run = new SubscribedRun(rehearsal);
            while (run.runs()) {
                consumed = messages(rehearsal);
                run.send(Integer.toString(consumed + 1), Integer.toString(consumed + 1));
            }
            rehearsal.recover();
        }

        assertThat(rehearsal.finish()).isEqualTo("[1,3,5]");
        assertThat(rehearsal.calls)
                .extracting(Rehearsal.Call::uri)
                .contains("http://up/1", "http://up/2", "http://up/3");
        assertThat(rehearsal.calls).extracting(Rehearsal.Call::key).doesNotContainNull();
        if (entries > 0 && entries < 5) {
            assertThat(rehearsal.channels.connections).hasSize(2);
            assertThat(rehearsal.channels.connections.getLast()).isEqualTo("after %d", (entries + 1) / 2);
        }
    }

    private static int messages(Rehearsal rehearsal) {
        return (int) rehearsal.disk.stream()
                .filter(entry -> entry.path().matches("0/e[0-9]+"))
                .count();
    }

    @Test
    void countsItsTimeFromWhenItFirstBegan() {
        Rehearsal rehearsal = Rehearsal.of(tasks("consume: { amount: 9, for: { seconds: 10 } }"), "{}")
                .crashAfter(1);
        SubscribedRun run = new SubscribedRun(rehearsal);
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(6));
        run.send("1");
        assertThatExceptionOfType(FencedException.class).isThrownBy(run::output);
        rehearsal.recover();

        SubscribedRun again = new SubscribedRun(rehearsal);
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(again.runs()).isTrue();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(again.output()).isEqualTo("{\"got\":[]}");
    }

    @Test
    void haltsAtOnceAndConnectsAnewWhenItIsResumed() {
        Rehearsal rehearsal = Rehearsal.of(TWO, "{}").haltAfter(Duration.ofSeconds(1));
        SubscribedRun run = new SubscribedRun(rehearsal);
        run.send("1", "a");
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThatExceptionOfType(Suspended.class).isThrownBy(run::output);
        assertThat(rehearsal.channels.open).hasValue(0);

        SubscribedRun resumed = new SubscribedRun(rehearsal);
        assertThat(rehearsal.channels.connections).containsExactly("anew", "after a");
        resumed.send("2");
        assertThat(resumed.output()).isEqualTo("{\"got\":[{\"payload\":1},{\"payload\":2}]}");
    }

    @Test
    void haltsWhenTheCallOfAnotherBranchHasEnded() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - hear: HEAR
                          - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                """.replace("HEAR", call("consume: { amount: 1 }")), "{}")
                .haltAfter(Duration.ofSeconds(1));
        rehearsal.upstream(
                call -> Mono.delay(Duration.ofSeconds(5), rehearsal.time).map(tick -> Json.string("fine")));
        SubscribedRun run = new SubscribedRun(rehearsal);
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(run.runs()).isTrue();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(5));
        assertThatExceptionOfType(Suspended.class).isThrownBy(run::output);
        assertThat(rehearsal.channels.open).hasValue(0);
    }

    @Test
    void endsWithItsTimeoutWhichAHandlerCatches() {
        Rehearsal rehearsal = Rehearsal.of(
                """
                do:
                  - guarded:
                      try:
                        - hear: CALL
                      catch:
                        errors: { with: { status: 408 } }
                        do: [ { late: { set: { late: true } } } ]
                """.replace(
                                "CALL",
                                call("consume: { amount: 2, for: { hours: 2 } }")
                                        .replace("{ call:", "{ timeout: { after: PT1H }, call:")),
                "{}");
        SubscribedRun run = new SubscribedRun(rehearsal);
        run.send("1");
        rehearsal.time.advanceTimeBy(Duration.ofHours(1));

        assertThat(run.output()).isEqualTo("{\"late\":true}");
        assertThat(rehearsal.channels.open).hasValue(0);
        assertThat(rehearsal.finish()).isEqualTo("{\"late\":true}");
        assertThat(rehearsal.channels.connections).hasSize(1);
    }

    @Test
    void failsWhenTheConnectionIsLostAndSubscribesAgainInTheNextAttempt() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - guarded:
                      try: [ { hear: CALL } ]
                      catch:
                        errors: { with: { type: https://open-workflow-specification.org/spec/1.0.0/errors/communication } }
                        retry: { delay: { seconds: 1 }, limit: { attempt: { count: 3 } } }
                """.replace("CALL", call("consume: { amount: 2 }")), "{}");
        SubscribedRun run = new SubscribedRun(rehearsal);
        run.send("1", "a");
        rehearsal.channels.fail(
                new CallFailure(ErrorType.COMMUNICATION.at("/do/0", 502, "Communication Error", "gone")));
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(2));
        run.send("2").send("3");

        assertThat(run.output()).isEqualTo("[{\"payload\":2},{\"payload\":3}]");
        assertThat(rehearsal.channels.connections).containsExactly("anew", "anew");
        assertThat(rehearsal.finish()).isEqualTo("[{\"payload\":2},{\"payload\":3}]");
    }

    @Test
    void failsWhenTheOtherSideEndsIt() {
        Rehearsal rehearsal = Rehearsal.of(TWO, "{}");
        SubscribedRun run = new SubscribedRun(rehearsal);
        run.send("1");
        rehearsal.channels.end();
        rehearsal.time.advanceTimeBy(Duration.ofMillis(1));

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(run::output)
                .satisfies(fault -> assertThat(fault.error().detail()).contains("before enough was consumed"));
        assertThat(rehearsal.disk.getLast().kind()).isEqualTo(EntryKind.FAILED);
    }

    @Test
    void goesOnWhereItWasWhenAFaultedRunIsRetried() {
        Rehearsal rehearsal = Rehearsal.of(TWO, "{}");
        SubscribedRun run = new SubscribedRun(rehearsal);
        run.send("1", "a");
        rehearsal.channels.end();
        rehearsal.time.advanceTimeBy(Duration.ofMillis(1));
        TaskFault fault = rehearsal.fails();
        assertThat(run.runs()).isFalse();
        rehearsal.retry(fault);

        SubscribedRun retried = new SubscribedRun(rehearsal);
        retried.send("2");
        assertThat(retried.output()).isEqualTo("{\"got\":[{\"payload\":1},{\"payload\":2}]}");
        assertThat(rehearsal.channels.connections).containsExactly("anew", "after a");
    }
}
