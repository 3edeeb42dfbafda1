package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.SubscribedRun.TWO;
import static dev.sluice.executor.engine.SubscribedRun.tasks;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;

/** What a run consumes of a channel. */
class SubscribeInterpreterTest {

    @Test
    void consumesAsManyMessagesAsItWants() {
        SubscribedRun run = new SubscribedRun(Rehearsal.of(TWO, "{}"));
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
        SubscribedRun run = new SubscribedRun(Rehearsal.of(TWO, "{}"));
        assertThat(run.rehearsal.channels.asked).isEqualTo(1);
        run.send("1");
        assertThat(run.rehearsal.channels.asked).isEqualTo(2);
        run.send("2");
        assertThat(run.rehearsal.channels.asked).isEqualTo(2);
    }

    @Test
    void leavesOutWhatTheFilterDoesNotTake() {
        SubscribedRun run = new SubscribedRun(Rehearsal.of(
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
        SubscribedRun run = new SubscribedRun(Rehearsal.of(tasks("consume: { " + consume + " }"), "{}"));
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
        SubscribedRun run = new SubscribedRun(rehearsal);
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
        SubscribedRun run = new SubscribedRun(rehearsal);
        run.send("1", "one").send("2", "two-s3cr3t-s3cr3t").send("3", "three");

        assertThat(run.output()).isNotEmpty();
        assertThat(rehearsal.disk)
                .extracting(entry -> Json.text(entry.payload()))
                .noneMatch(payload -> payload.contains("s3cr3t-s3cr3t"))
                .anyMatch(payload -> payload.contains("one"))
                .anyMatch(payload -> payload.contains("three"));
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

    /** There is no entry of the message, so that one must say what became of the task. */
    @Test
    void journalsThatAFilterCouldNotJudgeAMessage() {
        Rehearsal rehearsal = Rehearsal.of(tasks("filter: '${ .payload.a.b > 1 }', consume: { amount: 1 }"), "{}");
        SubscribedRun run = new SubscribedRun(rehearsal);
        run.send("[1]");

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(run::output)
                .satisfies(fault -> assertThat(fault.error().type()).endsWith("/expression"));
        assertThat(rehearsal.fails().error().type()).endsWith("/expression");
        assertThat(rehearsal.channels.connections).hasSize(1);
    }

    @Test
    void endsTheWorkflowFromWithinAMessage() {
        SubscribedRun run = new SubscribedRun(Rehearsal.of("""
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
        SubscribedRun run = new SubscribedRun(rehearsal);
        run.send("\"it is s3cr3t!\"");

        assertThat(run.output()).isEqualTo("{\"got\":[{\"payload\":\"it is ***\"}]}");
        assertThat(rehearsal.disk.toString()).doesNotContain("s3cr3t!");
    }
}
