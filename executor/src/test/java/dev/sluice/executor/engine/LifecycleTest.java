package dev.sluice.executor.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.executor.journal.LeftTasks;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** What is told of a run's tasks, and which of them count as left when their branch or their run ends before them. */
class LifecycleTest {

    private static final String COMPETING = """
            do:
              - race:
                  fork:
                    compete: true
                    branches:
                      - slow:
                          do:
                            - before: { set: { n: 1 } }
                            - hang: { call: http, with: { method: get, endpoint: "http://up/never" } }
                      - quick: { call: http, with: { method: get, endpoint: "http://up/quick" } }
            """;

    @Test
    void tellsOfTheTasksThatLoseWithTheirFork() {
        Rehearsal rehearsal = Rehearsal.of(COMPETING, "{}").evaluatingAtOnce().upstream(LifecycleTest::quick);
        assertThat(rehearsal.finish()).isEqualTo("1");

        Entry decided = rehearsal.disk.getLast();
        assertThat(decided.kind()).isEqualTo(EntryKind.DECIDED);
        assertThat(LeftTasks.of(decided.payload()))
                .containsExactly("/do/0/race/fork/branches/0/slow/do/1/hang", "/do/0/race/fork/branches/0/slow");
        assertThat(rehearsal.heard)
                // Branches take turns as time has it.
                .containsSubsequence("started race", "started quick", "completed quick")
                .containsSubsequence(
                        "started race",
                        "started slow",
                        "started before",
                        "completed before",
                        "started hang",
                        "decided [/do/0/race/fork/branches/0/slow/do/1/hang, /do/0/race/fork/branches/0/slow]",
                        "completed race");
        assertThat(rehearsal.left()).as("that end is told").isEmpty();

        rehearsal.heard.clear();
        assertThat(rehearsal.finish()).as("replayed").isEqualTo("1");
        assertThat(rehearsal.heard).as("it is decided already").noneMatch(told -> told.startsWith("decided"));
        assertThat(rehearsal.left()).isEmpty();
    }

    @Test
    void tellsOfNoTaskOfAForkThatAllBranchesCameThrough() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - both: { fork: { branches: [ { one: { set: { n: 1 } } }, { two: { set: { n: 2 } } } ] } }
                """, "{}");
        assertThat(rehearsal.finish()).isEqualTo("[{\"n\":1},{\"n\":2}]");
        assertThat(rehearsal.left()).isEmpty();
    }

    @Test
    void knowsTheTasksThatWereUnderWayWhenARunIsCancelled() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - first: { set: { n: 1 } }
                  - outer: { do: [ { hang: { call: http, with: { method: get, endpoint: "http://up/never" } } } ] }
                  - after: { set: { n: 2 } }
                """, "{}").upstream(LifecycleTest::quick);
        Disposable running = rehearsal.run().subscribe(value -> {}, error -> {});
        rehearsal.time.advanceTimeBy(Duration.ofSeconds(1));

        running.dispose();

        assertThat(rehearsal.left()).containsExactly("/do/1/outer/do/0/hang", "/do/1/outer");
        assertThat(rehearsal.left()).as("taken").isEmpty();
    }

    @Test
    void knowsTheTasksThatRestWhenARunIsSuspended() {
        Rehearsal rehearsal =
                Rehearsal.of("""
                do:
                  - both:
                      fork:
                        branches:
                          - nap: { wait: PT1H }
                          - paid: { listen: { to: { one: { with: { type: order.paid } } } } }
                          - ask: { call: http, with: { method: get, endpoint: "http://up/quick" } }
                """, "{}").upstream(LifecycleTest::quick).haltAfter(Duration.ofMillis(500));

        rehearsal.halts();

        String branches = "/do/0/both/fork/branches/";
        assertThat(rehearsal.left())
                .containsExactlyInAnyOrder(branches + "0/nap", branches + "1/paid", "/do/0/both")
                .last()
                .isEqualTo("/do/0/both");
        assertThat(rehearsal.underWay())
                .as("without having it in memory")
                .containsExactlyInAnyOrder(branches + "0/nap", branches + "1/paid", "/do/0/both");
        assertThat(rehearsal.calls).as("touches nothing").hasSize(1);
    }

    @Test
    void findsNoTaskUnderWayBeyondTheJournal() {
        Rehearsal rehearsal = Rehearsal.of("do: [ { only: { set: { n: 1 } } } ]", "{}");
        assertThat(rehearsal.underWay()).isEmpty();
        Rehearsal over = Rehearsal.of("do: [ { nap: { wait: PT1S } }, { show: { set: { n: 1 } } } ]", "{}");
        assertThat(over.finish()).isEqualTo("{\"n\":1}");
        assertThat(over.underWay()).isEmpty();
    }

    @Test
    void tellsWhatCorrelationsCameToWithTheLastEvent() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - pets:
                      listen:
                        to:
                          all:
                            - with: { type: pet }
                              correlate:
                                order: { from: .data.order, expect: "${ .order }" }
                                pet: { from: .data.pet }
                            - with: { type: cage }
                              correlate: { pet: { from: .data.pet } }
                """, "{\"order\":17}");
        rehearsal.events.arrive("pet", "{\"order\":17,\"pet\":\"milou\"}");
        rehearsal.events.arrive("cage", "{\"pet\":\"milou\"}");

        assertThat(rehearsal.finish()).contains("milou");

        Entry last = rehearsal.disk.getLast();
        assertThat(Hearing.isLast(last.payload())).isTrue();
        assertThat(Hearing.resolved(last.payload()).toString()).isEqualTo("{order=17, pet=\"milou\"}");
        assertThat(Hearing.resolved(rehearsal.disk.get(1).payload())).isEqualTo(Map.of());
        assertThat(rehearsal.heard)
                .containsExactly("LISTENING 1", "correlated {order=17, pet=\"milou\"} 3", "completed pets");
    }

    private static Mono<JsonNode> quick(Rehearsal.Call call) {
        return call.uri().endsWith("never") ? Mono.never() : Mono.just(Json.read("1".getBytes(UTF_8)));
    }
}
