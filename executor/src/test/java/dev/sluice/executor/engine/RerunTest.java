package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.CallOutcomes.answers;
import static dev.sluice.executor.engine.CallOutcomes.fine;
import static dev.sluice.executor.engine.CallOutcomes.known;
import static dev.sluice.executor.engine.CallOutcomes.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.shared.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Runs that somebody has begin again at a task: where that is, and what happens again. */
final class RerunTest {

    private static final String TWO_CALLS = """
            do:
              - first: { call: http, with: { method: post, endpoint: "http://up/first" } }
              - second: { call: http, with: { method: post, endpoint: "http://up/second" } }
              - show: { set: { got: "${ . }" } }
            """;

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
        assertThat(rehearsal.keys("/first")).hasSize(1);
        assertThat(rehearsal.keys("/second")).hasSize(2).doesNotHaveDuplicates();
        assertThat(rehearsal.keys("/third")).hasSize(2).doesNotHaveDuplicates();
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
        assertThat(rehearsal.keys("/a")).hasSize(1);
        assertThat(rehearsal.keys("/b")).hasSize(1);
        assertThat(rehearsal.calls.get(4).body()).isEqualTo(Json.string("n1"));
        rehearsal.upstream(call -> Mono.error(new AssertionError("called again")));
        assertThat(rehearsal.finish()).as("replayed").isEqualTo("\"n5\"");
    }

    /** What the extension has before that is as it was, what it has after it happens again. */
    @Test
    void runsAgainFromInsideADoThatIsExtended() {
        Rehearsal rehearsal = Rehearsal.of("""
                use:
                  extensions:
                    - around:
                        extend: composite
                        before: [ ahead: { call: http, with: { method: post, endpoint: "http://up/ahead" } } ]
                        after: [ behind: { call: http, with: { method: post, endpoint: "http://up/behind" } } ]
                do:
                  - part:
                      do:
                        - a: { call: http, with: { method: post, endpoint: "http://up/a" } }
                        - b: { call: http, with: { method: post, endpoint: "http://up/b" } }
                """, "{}").upstream(call -> Mono.just(Json.string("n" + call.number())));
        assertThat(rehearsal.finish()).isNotEmpty();

        rehearsal.rerun("/do/0/part/do/1/b");

        assertThat(rehearsal.finish()).isNotEmpty();
        assertThat(rehearsal.calls)
                .extracting(call -> call.uri().substring("http://up/".length()))
                .containsExactly("ahead", "a", "b", "behind", "b", "behind");
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
        assertThat(rehearsal.keys("/ask")).doesNotHaveDuplicates();
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
        rehearsal.fails();

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
        rehearsal.parks();

        assertThat(rehearsal.firstVisit("/do/1/nap")).contains("1");
        assertThat(rehearsal.firstVisit("/do/2/behind")).isEmpty();
        assertThat(rehearsal.calls).as("a search touches nothing").hasSize(1);
    }

    @Test
    void triesAgainWhatFailsInARerun() {
        Rehearsal rehearsal = Rehearsal.of(TWO_CALLS, "{}")
                .upstream(answers("/second", List.of(known(), known(), unknown(), fine())));
        rehearsal.fails();
        rehearsal.retry();
        rehearsal.fails();
        rehearsal.rerun("/do/0/first");
        rehearsal.fails();
        rehearsal.retry();

        assertThat(rehearsal.finish()).isEqualTo("{\"got\":\"fine\"}");
        assertThat(rehearsal.keys("/first")).hasSize(2).doesNotHaveDuplicates();
        List<String> keys = rehearsal.keys("/second");
        assertThat(keys.subList(0, 3)).doesNotHaveDuplicates();
        assertThat(keys.get(3)).isEqualTo(keys.get(2));
    }
}
