package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What a run consumes of a channel, whatever becomes of the run meanwhile. */
class SubscribeInterpreterTest {

    private static final String TWO = tasks("consume: { amount: 2 }");

    @Test
    void consumesAsManyMessagesAsItWants() {
        Running run = new Running(Rehearsal.of(TWO, "{}"));
        run.send("1").send("2");

        assertThat(run.output()).isEqualTo("{\"got\":[{\"payload\":1},{\"payload\":2}]}");
        assertThat(run.rehearsal.disk)
                .extracting(Entry::kind)
                .containsOnly(EntryKind.COMPLETED)
                .hasSize(2);
        assertThat(run.rehearsal.channels.open).hasValue(0);
    }

    @Test
    void asksForNoMoreThanItConsumes() {
        Running run = new Running(Rehearsal.of(TWO, "{}"));
        assertThat(run.rehearsal.channels.asked).isEqualTo(1);
        run.send("1");
        assertThat(run.rehearsal.channels.asked).isEqualTo(2);
        run.send("2");
        assertThat(run.rehearsal.channels.asked).isEqualTo(2);
    }

    @Test
    void leavesOutWhatTheFilterDoesNotTake() {
        Running run = new Running(Rehearsal.of(
                tasks("filter: '${ .payload > $input.least }', consume: { amount: 2 }"), "{\"least\": 10}"));
        run.send("1").send("11").send("2").send("12");

        assertThat(run.output()).isEqualTo("{\"got\":[{\"payload\":11},{\"payload\":12}]}");
        assertThat(run.rehearsal.disk).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "until: '${ length == 2 }'                | [{\"payload\":1},{\"payload\":2}]",
                "while: '${ length < 2 }'                 | [{\"payload\":1},{\"payload\":2}]",
                "while: '${ false }'                      | [{\"payload\":1}]",
                "until: '${ last.payload == 2 }'          | [{\"payload\":1},{\"payload\":2}]",
                "until: '${ true }'                       | []",
            })
    void consumesAsLongAsAConditionSays(String consume, String expected) {
        Running run = new Running(Rehearsal.of(tasks("consume: { " + consume + " }"), "{}"));
        if (run.runs()) {
            run.send("1");
        }
        if (run.runs()) {
            run.send("2");
        }

        assertThat(run.output()).isEqualTo("{\"got\":%s}", expected);
    }

    @Test
    void connectsToNothingWhenThereIsNothingToConsume() {
        Rehearsal rehearsal = Rehearsal.of(tasks("consume: { until: '${ true }' }"), "{}");

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":[]}");
        assertThat(rehearsal.channels.connections).isEmpty();
    }

    @Test
    void endsWellWithItsTimeAlsoWhenThatIsRepeated() {
        Rehearsal rehearsal = Rehearsal.of(tasks("consume: { amount: 9, for: { seconds: 10 } }"), "{}");
        Running run = new Running(rehearsal);
        run.send("1");
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(11));

        assertThat(run.output()).isEqualTo("{\"got\":[{\"payload\":1}]}");
        assertThat(rehearsal.channels.open).hasValue(0);
        assertThat(rehearsal.finish()).isEqualTo("{\"got\":[{\"payload\":1}]}");
        assertThat(rehearsal.channels.connections).hasSize(1);
    }

    /** By an id that has a secret in it nothing goes on: it is not kept. */
    @Test
    void keepsNoIdThatHasASecretInIt() {
        Rehearsal rehearsal = Rehearsal.ofDocument(
                "document: { dsl: '1.0.3', namespace: test, name: rehearsal, version: '1.0.0' }\n"
                        + "use: { secrets: [ key ] }\n" + tasks("consume: { amount: 3 }"),
                "{}");
        rehearsal.secrets.put("key", Json.string("s3cr3t-s3cr3t"));
        Running run = new Running(rehearsal);
        run.send("1", "one").send("2", "two-s3cr3t-s3cr3t").send("3", "three");

        assertThat(run.output()).isNotEmpty();
        assertThat(rehearsal.disk)
                .extracting(entry -> Json.text(entry.payload()))
                .noneMatch(payload -> payload.contains("s3cr3t-s3cr3t"))
                .anyMatch(payload -> payload.contains("one"))
                .anyMatch(payload -> payload.contains("three"));
    }

    @Test
    void countsItsTimeFromWhenItFirstBegan() {
        Rehearsal rehearsal = Rehearsal.of(tasks("consume: { amount: 9, for: { seconds: 10 } }"), "{}")
                .crashAfter(1);
        Running run = new Running(rehearsal);
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(6));
        run.send("1");
        assertThatExceptionOfType(FencedException.class).isThrownBy(run::output);
        rehearsal.recover();

        Running again = new Running(rehearsal);
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(3));
        assertThat(again.runs()).isTrue();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(2));
        assertThat(again.output()).isEqualTo("{\"got\":[]}");
    }

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
            Running run = new Running(rehearsal);
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
    void haltsAtOnceAndConnectsAnewWhenItIsResumed() {
        Rehearsal rehearsal = Rehearsal.of(TWO, "{}").haltAfter(Duration.ofSeconds(1));
        Running run = new Running(rehearsal);
        run.send("1", "a");
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));

        assertThatExceptionOfType(Suspended.class).isThrownBy(run::output);
        assertThat(rehearsal.channels.open).hasValue(0);

        Running resumed = new Running(rehearsal);
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
        Running run = new Running(rehearsal);
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(2));

        assertThat(run.runs()).isTrue();
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(5));
        assertThatExceptionOfType(Suspended.class).isThrownBy(run::output);
        assertThat(rehearsal.channels.open).hasValue(0);
    }

    @Test
    void staysInMemoryHoweverLongNothingComes() {
        Rehearsal rehearsal = Rehearsal.of(TWO, "{}");
        Disposable run = rehearsal.run().subscribe(value -> {}, error -> {});
        rehearsal.time.advanceTimeBy(Duration.ofDays(3));

        assertThat(run.isDisposed()).isFalse();
        assertThat(rehearsal.channels.open).hasValue(1);
        run.dispose();
        rehearsal.time.advanceTimeBy(Duration.ofMillis(1));
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
        Running run = new Running(rehearsal);
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
        Running run = new Running(rehearsal);
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
        Running run = new Running(rehearsal);
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
        Running run = new Running(rehearsal);
        run.send("1", "a");
        rehearsal.channels.end();
        rehearsal.time.advanceTimeBy(Duration.ofMillis(1));
        TaskFault fault = rehearsal.fails();
        assertThat(run.runs()).isFalse();
        rehearsal.retry(fault);

        Running retried = new Running(rehearsal);
        retried.send("2");
        assertThat(retried.output()).isEqualTo("{\"got\":[{\"payload\":1},{\"payload\":2}]}");
        assertThat(rehearsal.channels.connections).containsExactly("anew", "after a");
    }

    /** There is no entry of the message, so that one must say what became of the task. */
    @Test
    void journalsThatAFilterCouldNotJudgeAMessage() {
        Rehearsal rehearsal = Rehearsal.of(tasks("filter: '${ .payload.a.b > 1 }', consume: { amount: 1 }"), "{}");
        Running run = new Running(rehearsal);
        run.send("[1]");

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(run::output)
                .satisfies(fault -> assertThat(fault.error().type()).endsWith("/expression"));
        assertThat(rehearsal.fails().error().type()).endsWith("/expression");
        assertThat(rehearsal.channels.connections).hasSize(1);
    }

    @Test
    void endsTheWorkflowFromWithinAMessage() {
        Running run = new Running(Rehearsal.of("""
                do:
                  - hear:
                      call: asyncapi
                      with:
                        document: { endpoint: "https://docs.example/channels.json" }
                        operation: hear
                        subscription:
                          consume: { while: "${ true }" }
                          foreach: { do: [ { stop: { set: { a: "${ $index }" }, then: end } } ] }
                  - never: { set: { b: 1 } }
                """, "{}"));
        run.send("1");

        assertThat(run.output()).isEqualTo("[{\"a\":0}]");
        assertThat(run.rehearsal.channels.open).hasValue(0);
    }

    @Test
    void takesSecretsOutOfWhatComes() {
        Rehearsal rehearsal = Rehearsal.of("use: { secrets: [ key ] }\n" + tasks("consume: { amount: 1 }"), "{}");
        rehearsal.secrets.put("key", Json.string("s3cr3t!"));
        Running run = new Running(rehearsal);
        run.send("\"it is s3cr3t!\"");

        assertThat(run.output()).isEqualTo("{\"got\":[{\"payload\":\"it is ***\"}]}");
        assertThat(rehearsal.disk.toString()).doesNotContain("s3cr3t!");
    }

    private static String tasks(String subscription) {
        return "do:\n  - hear: " + call(subscription) + "\n  - show: { set: { got: \"${ . }\" } }\n";
    }

    private static String call(String subscription) {
        return "{ call: asyncapi, with: { document: { endpoint: \"https://docs.example/channels.json\" }, operation: hear,"
                + " subscription: { " + subscription + " } } }";
    }

    /** A run that is under way. */
    private static final class Running {

        private final Rehearsal rehearsal;
        private final Mono<JsonNode> result;
        private final Disposable subscription;

        Running(Rehearsal rehearsal) {
            this.rehearsal = rehearsal;
            this.result = rehearsal.run().cache();
            this.subscription = result.subscribe(value -> {}, error -> {});
            rehearsal.time.advanceTimeBy(Duration.ofMillis(1));
        }

        boolean runs() {
            return !subscription.isDisposed();
        }

        @CanIgnoreReturnValue
        Running send(String payload) {
            return send(payload, null);
        }

        @CanIgnoreReturnValue
        Running send(String payload, @Nullable String id) {
            rehearsal.channels.send(payload, id);
            rehearsal.time.advanceTimeBy(Duration.ofMillis(1));
            return this;
        }

        String output() {
            return Json.text(Objects.requireNonNull(result.block(Duration.ofSeconds(5))));
        }
    }
}
