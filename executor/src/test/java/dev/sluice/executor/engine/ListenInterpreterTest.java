package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

class ListenInterpreterTest {

    private static final String ONE = """
            do:
              - paid: { listen: { to: { one: { with: { type: order.paid } } } } }
              - show: { set: { got: "${ . }" } }
            """;

    @Test
    void consumesAnEventThatCameBefore() {
        Rehearsal rehearsal = Rehearsal.of(ONE, "{}");
        rehearsal.events.arrive("order.shipped", "1");
        rehearsal.events.arrive("order.paid", "2");
        rehearsal.events.arrive("order.paid", "3");

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":[2]}");
        assertThat(rehearsal.events.left()).isZero();
        assertThat(rehearsal.disk)
                .extracting(entry -> entry.kind())
                .containsExactly(EntryKind.LISTENING, EntryKind.HEARD);
    }

    @Test
    void goesOnInMemoryWhenTheEventComesSoon() {
        Rehearsal rehearsal = Rehearsal.of(ONE, "{}");
        Mono<JsonNode> run = rehearsal.run().cache();
        Disposable running = run.subscribe(value -> {}, error -> {});
        rehearsal.time.advanceTimeBy(Duration.ofMillis(900));
        assertThat(running.isDisposed()).isFalse();

        rehearsal.events.arrive("order.paid", "7");
        rehearsal.time.advanceTimeBy(Duration.ofMillis(1));

        assertThat(run.block(Duration.ofSeconds(5))).hasToString("{\"got\":[7]}");
    }

    @Test
    void leavesMemoryWithoutATimeToWakeAndConsumesWhenItIsBack() {
        Rehearsal rehearsal = Rehearsal.of(ONE, "{}");
        assertThat(rehearsal.parks()).isNull();

        rehearsal.events.arrive("order.paid", "7");

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":[7]}");
        assertThat(rehearsal.disk).hasSize(2);
    }

    @Test
    void leavesMemoryUntilItsTimeIsUp() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - guarded:
                      try:
                        - paid:
                            listen: { to: { one: { with: { type: order.paid } } } }
                            timeout: { after: PT1H }
                      catch:
                        errors: { with: { status: 408 } }
                        do: [ { late: { set: { late: true } } } ]
                """, "{}");
        assertThat(rehearsal.parks()).isEqualTo(Rehearsal.START.plus(Duration.ofHours(1)));
        rehearsal.time.advanceTimeBy(Duration.ofHours(1));

        assertThat(rehearsal.finish()).isEqualTo("{\"late\":true}");
        assertThat(rehearsal.events.left()).isZero();
        rehearsal.events.arrive("order.paid", "7");
        assertThat(rehearsal.finish()).as("the same after the event").isEqualTo("{\"late\":true}");
    }

    @Test
    void waitsForOneEventOfEachFilterInWhateverOrderTheyCome() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      listen:
                        to:
                          all:
                            - with: { type: a }
                            - with: { type: b, data: "${ . > 10 }" }
                """, "{}");
        rehearsal.events.arrive("b", "5");
        rehearsal.events.arrive("b", "11");
        rehearsal.events.arrive("b", "12");
        rehearsal.parks();
        rehearsal.events.arrive("a", "1");

        assertThat(rehearsal.finish()).isEqualTo("[11,1]");
    }

    @Test
    void consumesUntilAConditionHolds() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - some: { listen: { to: { any: [], until: "( . | length ) >= 3" } } }
                """, "{}");
        IntStream.range(0, 5).forEach(n -> rehearsal.events.arrive("x", Integer.toString(n)));

        assertThat(rehearsal.finish()).isEqualTo("[0,1,2]");
        assertThat(rehearsal.events.left()).isZero();
    }

    @Test
    void consumesUntilAnotherEventWhichIsNoPartOfTheOutput() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - vitals:
                      listen:
                        to:
                          any: [ { with: { type: temperature } } ]
                          until: { one: { with: { type: left } } }
                """, "{}");
        rehearsal.events.arrive("temperature", "38");
        rehearsal.events.arrive("temperature", "39");
        rehearsal.events.arrive("left", "{}");
        rehearsal.events.arrive("temperature", "40");

        assertThat(rehearsal.finish()).isEqualTo("[38,39]");
        assertThat(rehearsal.events.left()).isZero();
    }

    /** Though it is one of "each event" too. */
    @Test
    void endsByAnEventThatItWouldTakeOtherwise() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - vitals:
                      listen:
                        to:
                          any: []
                          until:
                            all:
                              - with: { type: left }
                              - with: { type: left, data: "${ . == 2 }" }
                """, "{}");
        rehearsal.events.arrive("temperature", "38");
        rehearsal.events.arrive("left", "1");
        rehearsal.events.arrive("left", "1");
        rehearsal.events.arrive("temperature", "39");
        rehearsal.events.arrive("left", "2");
        rehearsal.events.arrive("temperature", "40");

        assertThat(rehearsal.finish())
                .as("what ends half of it is not taken twice")
                .isEqualTo("[38,1,39]");
        assertThat(rehearsal.events.left()).isZero();
    }

    @Test
    void readsTheEnvelopeWhenAsked() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - paid: { listen: { to: { one: { with: { type: order.paid } } }, read: envelope } }
                """, "{}");
        rehearsal.events.arrive("order.paid", "2");

        assertThat(rehearsal.finish()).contains("\"type\":\"order.paid\"", "\"data\":2");
    }

    @Test
    void takesOnlyEventsThatCorrelateWithTheRun() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - paid:
                      listen:
                        to:
                          one:
                            with: { type: order.paid }
                            correlate: { order: { from: .data.order, expect: "${ .order }" } }
                """, "{\"order\": 17}");
        rehearsal.events.arrive("order.paid", "{\"order\": \"16\"}");
        rehearsal.events.arrive("order.paid", "{\"order\": \"17\"}");

        assertThat(rehearsal.finish()).isEqualTo("[{\"order\":\"17\"}]");
    }

    @Test
    void expectsOfLaterEventsWhatTheFirstOneHad() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - readings:
                      listen:
                        to:
                          all:
                            - with: { type: temperature }
                              correlate: { room: { from: .data.room } }
                            - with: { type: humidity }
                              correlate: { room: { from: .data.room } }
                """, "{}");
        rehearsal.events.arrive("humidity", "{}");
        rehearsal.events.arrive("temperature", "{\"room\":2,\"t\":20}");
        rehearsal.events.arrive("humidity", "{\"room\":1,\"h\":50}");
        rehearsal.events.arrive("temperature", "{\"room\":1,\"t\":21}");
        rehearsal.events.arrive("humidity", "{\"room\":2,\"h\":60}");

        assertThat(rehearsal.finish()).isEqualTo("[{\"room\":2,\"t\":20},{\"room\":2,\"h\":60}]");
    }

    @Test
    void expectsOfEachFilterItsOwnValue() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - either:
                      listen:
                        to:
                          any:
                            - with: { type: a }
                              correlate: { id: { from: .data, expect: "${ .a }" } }
                            - with: { type: b }
                              correlate: { id: { from: .data, expect: "${ .b }" } }
                """, "{\"a\": 1, \"b\": 2}");
        rehearsal.events.arrive("a", "2");
        rehearsal.events.arrive("a", "1");

        assertThat(rehearsal.finish()).isEqualTo("[1]");
    }

    @Test
    void takesAnEventForTheFilterThatStillLacksOne() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - two: { listen: { to: { all: [ { with: { type: a } }, { with: { type: a } } ] } } }
                """, "{}");
        rehearsal.events.arrive("a", "1");
        rehearsal.events.arrive("a", "2");

        assertThat(rehearsal.finish()).isEqualTo("[1,2]");
    }

    /** A billion digits would take the memory of the node. */
    @Test
    void comparesNumbersHoweverLongTheyWouldBe() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - paid:
                      listen:
                        to: { one: { with: { type: a }, correlate: { id: { from: .data, expect: "${ .id }" } } } }
                """, "{\"id\": 100}");
        rehearsal.events.arrive("a", "1e999999999");
        rehearsal.events.arrive("a", "1e2");

        assertThat(rehearsal.finish()).isEqualTo("[1E+2]");
    }

    @Test
    void consumesAnEventOnceAlsoWhenItListensAgain() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - first: { listen: { to: { one: { with: { type: x } } } }, export: { as: "{ first: . }" } }
                  - second: { listen: { to: { one: { with: { type: x } } } } }
                  - show: { set: { first: "${ $context.first }", second: "${ . }" } }
                """, "{}");
        rehearsal.events.arrive("x", "1");
        rehearsal.events.arrive("x", "2");

        assertThat(rehearsal.finish()).isEqualTo("{\"first\":[1],\"second\":[2]}");
    }

    @Test
    void givesAnEventToOneOfTwoBranchesThatListenForIt() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - one: { listen: { to: { one: { with: { type: x } } } } }
                          - other: { listen: { to: { one: { with: { type: x } } } } }
                """, "{}");
        rehearsal.events.arrive("x", "1");
        rehearsal.parks();
        rehearsal.events.arrive("x", "2");

        assertThat(rehearsal.finish()).isIn("[[1],[2]]", "[[2],[1]]");
    }

    @Test
    void doesWhatIsToBeDoneWithEachEventBeforeTheNext() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - each:
                      listen: { to: { any: [], until: "(. | length) == 3" } }
                      foreach:
                        item: event
                        at: i
                        do:
                          - post: { call: http, with: { method: post, endpoint: "http://up/post", body: { n: "${ $event }", i: "${ $i }" } } }
                        output: { as: .n }
                        export: { as: "{ last: . }" }
                  - show: { set: { all: "${ . }", last: "${ $context.last }" } }
                """, "{}");
        rehearsal.upstream(
                call -> Mono.delay(Duration.ofSeconds(1), rehearsal.time).then(Mono.justOrEmpty(call.body())));
        IntStream.range(10, 15).forEach(n -> rehearsal.events.arrive("x", Integer.toString(n)));

        assertThat(rehearsal.finish()).isEqualTo("{\"all\":[10,11,12],\"last\":12}");
        assertThat(rehearsal.calls)
                .extracting(call -> Json.text(call.body() == null ? Json.object() : call.body()))
                .containsExactly("{\"n\":10,\"i\":0}", "{\"n\":11,\"i\":1}", "{\"n\":12,\"i\":2}");
        assertThat(rehearsal.events.left()).isZero();
    }

    @Test
    void endsAListenThatWouldHoldTooMuch() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - forever: { listen: { to: { any: [], until: "${ false }" } } }
                """, "{}");
        IntStream.range(0, 10_001).forEach(n -> rehearsal.events.arrive("x", "1"));

        assertThatExceptionOfType(TaskFault.class)
                .isThrownBy(rehearsal::finish)
                .satisfies(fault -> assertThat(fault.error().detail()).contains("10000 events"));
    }

    /** Each event is consumed once, in their order, wherever the run crashed and whenever it left memory. */
    @Test
    void consumesEachEventOnceWhereverItCrashes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String tasks = """
                do:
                  - each:
                      listen: { to: { any: [ { with: { type: x } } ], until: { one: { with: { type: end } } } } }
                      foreach:
                        do:
                          - keep: { call: http, with: { method: post, endpoint: "http://up/keep", body: "${ . }" } }
                          - again: { call: http, with: { method: post, endpoint: "http://up/again", body: "${ . }" } }
                """;
        for (int round = 0; round < 40; round++) {
            Rehearsal rehearsal = Rehearsal.of(tasks, "{}");
            rehearsal.upstream(call -> Mono.justOrEmpty(call.body()));
            int arrived = 0;
            for (int crash = 0; crash < 6; crash++) {
                int more = random.nextInt(3);
                for (int n = 0; n < more; n++) {
                    rehearsal.events.arrive("x", Integer.toString(arrived++));
                }
                rehearsal.crashAfter(random.nextInt(6));
                assertThatThrownBy(rehearsal::finish).isInstanceOfAny(Parked.class, FencedException.class);
            }
            rehearsal.events.arrive("end", "{}");
            rehearsal.recover();

            assertThat(rehearsal.finish())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(IntStream.range(0, arrived)
                            .boxed()
                            .toList()
                            .toString()
                            .replace(" ", ""));
            List<String> keys =
                    rehearsal.calls.stream().map(Rehearsal.Call::key).distinct().toList();
            assertThat(keys).as("seed %d, round %d", seed, round).hasSize(2 * arrived);
        }
    }
}
