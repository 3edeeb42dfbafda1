package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.JournalMismatchException;
import dev.sluice.shared.json.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import tools.jackson.databind.JsonNode;

class InterpreterTest {

    private static final String THREE_CALLS = """
            do:
              - loop:
                  for: { each: n, in: .numbers }
                  do:
                    - ask:
                        call: http
                        with: { method: post, endpoint: "http://up/ask", body: { n: "${ $n }" } }
                    - keep:
                        set: { sum: "${ ($context.sum // 0) + .answer }" }
                        export: { as: . }
              - once:
                  do:
                    - first:
                        call: http
                        with: { method: post, endpoint: "http://up/first", body: { sum: "${ .sum }" } }
                    - second:
                        call: http
                        with: { method: post, endpoint: "http://up/second", body: "${ . }" }
              - last:
                  set: { total: "${ $context.sum }", echo: "${ . }" }
            """;

    @Test
    void fixesAValueInTheJournalWhenTheTaskSaysSo() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - fixed: { set: { n: "${ .n + 1 }" }, metadata: { sluice: { journal: true } } }
                  - shown: { set: { seen: "${ .n }" } }
                """, "{\"n\": 1}");
        assertThat(rehearsal.finish()).isEqualTo("{\"seen\":2}");
        Entry entry = rehearsal.disk.getFirst();
        assertThat(rehearsal.disk).hasSize(1);
        assertThat(entry.kind()).isEqualTo(EntryKind.COMPLETED);

        JsonNode other = Json.object().put("n", 7);
        rehearsal.disk.set(
                0, new Entry(1, entry.kind(), entry.path(), entry.taskType(), entry.placeHash(), entry.at(), other));
        assertThat(rehearsal.finish()).isEqualTo("{\"seen\":7}");
        assertThat(rehearsal.disk).hasSize(1);
    }

    @Test
    void endsAValueThatOnlyGrowsDeeper() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - wrap: { set: { inner: "${ . }" }, then: wrap }
                """, "{}");

        assertThatExceptionOfType(TaskFault.class).isThrownBy(rehearsal::finish).satisfies(fault -> {
            assertThat(fault.error().type()).isEqualTo(ErrorType.EXPRESSION.uri());
            assertThat(fault.error().detail()).contains("nested deeper than 200 levels");
        });
    }

    @Test
    void carriesDataFromTaskToTask() {
        Rehearsal rehearsal = Rehearsal.of("""
                input: { from: .order }
                do:
                  - price:
                      input: { from: .items }
                      set: { total: "${ map(.price) | add }" }
                      output: { as: "{ cents: (.total * 100) }" }
                      export: { as: "$context + { seen: $output.cents }" }
                  - show:
                      set: { cents: "${ .cents }", seen: "${ $context.seen }", name: "${ $task.name }", input: "${ $workflow.input.order.items | length }" }
                output: { as: ". + { done: true }" }
                """, """
                {"order":{"items":[{"price":2},{"price":3}]}}""");

        assertThat(rehearsal.finish()).isEqualTo("""
                        {"cents":500,"seen":500,"name":"show","input":2,"done":true}""");
        assertThat(rehearsal.disk).isEmpty();
    }

    @Test
    void followsDirectives() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - count:
                      set: { n: "${ (.n // 0) + 1 }" }
                  - again:
                      switch:
                        - more: { when: .n < 5, then: count }
                        - enough: { then: inner }
                  - never:
                      set: { n: -1 }
                  - inner:
                      do:
                        - leave: { set: { n: "${ .n * 10 }" }, then: exit }
                        - skipped: { set: { n: -2 } }
                  - conditional: { if: .n < 0, set: { n: -3 }, then: end }
                  - close: { set: { n: "${ .n + 1 }" }, then: end }
                  - after: { set: { n: -4 } }
                """, "{}");

        assertThat(rehearsal.finish()).isEqualTo("{\"n\":51}");
    }

    @Test
    void turnsAHundredThousandTimesWithoutStackOrJournal() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - count: { set: { n: "${ .n + 1 }" } }
                  - again: { switch: [ { more: { when: .n < 100000, then: count } } ] }
                """, "{\"n\":0}");

        assertThat(rehearsal.finish()).isEqualTo("{\"n\":100000}");
        assertThat(rehearsal.disk).isEmpty();
    }

    @Test
    void loopsWhileTheConditionHolds() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - loop:
                      for: { each: x, at: i, in: .xs }
                      while: $x < 30
                      do:
                        - add: { set: { xs: "${ .xs }", sum: "${ (.sum // 0) + $x + $i }" } }
                """, "{\"xs\":[10,20,30,40]}");

        assertThat(rehearsal.finish()).isEqualTo("{\"xs\":[10,20,30,40],\"sum\":31}");
    }

    @Test
    void repeatsNoJournaledCallWhereverItCrashes() {
        String input = "{\"numbers\":[1,2,3,4,5,6,7,8,9,10,11,12]}";
        Rehearsal whole = Rehearsal.of(THREE_CALLS, input).upstream(InterpreterTest::answer);
        String expected = whole.finish();
        int appends = 14;
        assertThat(whole.calls).hasSize(appends);
        for (int crash = 0; crash < appends; crash++) {
            Rehearsal rehearsal = Rehearsal.of(THREE_CALLS, input)
                    .upstream(InterpreterTest::answer)
                    .crashAfter(crash);
            rehearsal.dies();
            rehearsal.recover();

            assertThat(rehearsal.finish()).as("crash after %d", crash).isEqualTo(expected);
            Map<String, Integer> byKey = new HashMap<>();
            rehearsal.calls.forEach(call -> byKey.merge(call.key(), 1, Integer::sum));
            // Only the call whose outcome the crash took is made again, with its key.
            assertThat(byKey).hasSize(appends);
            assertThat(rehearsal.calls).hasSize(appends + 1);
        }
    }

    @Test
    void replacesIterationsByCheckpoints() {
        Rehearsal rehearsal = Rehearsal.of(THREE_CALLS, "{\"numbers\":[1,2,3,4,5,6,7,8,9,10,11,12]}")
                .upstream(InterpreterTest::answer);

        String first = rehearsal.finish();

        assertThat(rehearsal.disk)
                .anyMatch(entry ->
                        entry.kind() == EntryKind.CHECKPOINT && entry.path().equals("0"));
        rehearsal.disk.removeIf(entry -> entry.path().startsWith("0/"));
        assertThat(rehearsal.finish()).isEqualTo(first);
        assertThat(rehearsal.calls).hasSize(14);
    }

    @Test
    void refusesAJournalOfAnotherDocument() {
        Rehearsal rehearsal = Rehearsal.of(THREE_CALLS, "{\"numbers\":[1,2]}").upstream(InterpreterTest::answer);
        String finished = rehearsal.finish();
        assertThat(finished).isNotEmpty();
        Rehearsal other = Rehearsal.of("""
                do:
                  - loop:
                      call: http
                      with: { method: get, endpoint: "http://up/other" }
                """, "{}");
        other.disk.addAll(rehearsal.disk);

        other.run()
                .as(StepVerifier::create)
                .then(other.time::advanceTime)
                .expectError(JournalMismatchException.class)
                .verify(Duration.ofSeconds(5));
        assertThat(other.calls).isEmpty();
    }

    @Test
    void faultsWithThePlaceOfAFailedExpression() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - outer:
                      do:
                        - bad: { set: { x: "${ .a + {} }" } }
                """, "{\"a\":1}");

        assertThatExceptionOfType(TaskFault.class).isThrownBy(rehearsal::finish).satisfies(fault -> {
            assertThat(fault.error().type()).endsWith("/errors/expression");
            assertThat(fault.error().status()).isEqualTo(400);
            assertThat(fault.error().instance()).isEqualTo("/do/0/outer/do/0/bad");
            assertThat(fault.error().detail())
                    .isEqualTo("number (1) and object ({}) cannot be added (line 1, column 5)");
        });
    }

    static Mono<JsonNode> answer(Rehearsal.Call call) {
        long n = call.body() == null ? 0 : call.body().path("n").asLong();
        return Mono.just(Json.object().put("answer", n * n).put("from", call.uri()));
    }
}
