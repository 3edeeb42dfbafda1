package dev.sluice.executor.engine;

import static dev.sluice.executor.engine.CallOutcomes.answers;
import static dev.sluice.executor.engine.CallOutcomes.fine;
import static dev.sluice.executor.engine.CallOutcomes.known;
import static dev.sluice.executor.engine.CallOutcomes.unknown;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.EntryKind;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Calls of which nobody knows whether they were made: the key stays, or nothing is repeated. */
class UnknownOutcomeTest {

    private static final String RETRYING = """
            do:
              - attempt:
                  try:
                    - first: { call: http, with: { method: post, endpoint: "http://up/first" } }
                    - second: { call: http, with: { method: post, endpoint: "http://up/second" } }
                  catch:
                    retry: { delay: { seconds: 1 }, limit: { attempt: { count: 5 } } }
            """;

    private static final String ONCE = """
            do:
              - attempt:
                  try:
                    - pay:
                        call: http
                        with: { method: post, endpoint: "http://up/pay" }
                        metadata: { sluice: { onUnknown: fail } }
                  catch:
                    as: problem
                    retry: { delay: { seconds: 1 }, limit: { attempt: { count: 3 } } }
                    do:
                      - rescue: { set: { rescued: "${ $problem.status }" } }
            """;

    @Test
    void keepsTheKeyWhileTheOutcomeIsUnknown() {
        Rehearsal rehearsal = Rehearsal.of(RETRYING, "{}")
                .upstream(answers("/second", List.of(unknown(), unknown(), known(), fine())));

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        List<String> keys = rehearsal.keys("/second");
        assertThat(keys.get(1)).isEqualTo(keys.get(0));
        assertThat(keys.get(2)).as("still unknown").isEqualTo(keys.get(0));
        assertThat(keys.get(3)).as("the third attempt was answered").isNotEqualTo(keys.get(0));
        assertThat(rehearsal.keys("/first")).as("each was answered").doesNotHaveDuplicates();
    }

    @Test
    void keepsTheKeyWhateverFailsInBetween() {
        Rehearsal rehearsal = Rehearsal.of(RETRYING, "{}").upstream(call -> switch (call.number()) {
            case 1 -> unknown(); // second, first attempt
            case 2 -> known(); // first, second attempt: the second call is not reached
            default -> fine();
        });

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        List<String> keys = rehearsal.keys("/second");
        assertThat(keys).hasSize(2);
        assertThat(keys.get(1)).isEqualTo(keys.get(0));
    }

    @Test
    void keepsTheKeyThroughAHandlerThatRaises() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - outer:
                      try:
                        - inner:
                            try:
                              - ask: { call: http, with: { method: post, endpoint: "http://up/ask" } }
                            catch:
                              do:
                                - other: { raise: { error: { type: "https://example.com/other", status: 500, title: Other } } }
                      catch:
                        retry: { delay: { seconds: 1 }, limit: { attempt: { count: 5 } } }
                """, "{}").upstream(answers("/ask", List.of(unknown(), fine())));

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(rehearsal.keys("/ask").stream().distinct()).hasSize(1);
    }

    /** Wherever the run is taken over, its calls have the keys they would have had. */
    @Test
    void keepsTheSameKeysWhereverItCrashes() {
        Rehearsal whole = finished(Integer.MAX_VALUE);
        List<String> expected = whole.keys("/second").stream().distinct().toList();
        assertThat(expected).hasSize(2);
        long appends = whole.disk.stream()
                .filter(entry -> entry.kind() != EntryKind.CHECKPOINT)
                .count();

        for (int crash = 0; crash < appends; crash++) {
            Rehearsal rehearsal = finished(crash);
            assertThat(rehearsal.keys("/second").stream().distinct().toList())
                    .as("crash after %d appends", crash)
                    .isEqualTo(expected);
        }
    }

    @Test
    void countsACallEndedByItsDeadlineAsUnknown() {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - attempt:
                      try:
                        - ask:
                            call: http
                            with: { method: post, endpoint: "http://up/ask" }
                            timeout: { after: { seconds: 2 } }
                      catch:
                        retry: { delay: { seconds: 1 }, limit: { attempt: { count: 5 } } }
                """, "{}").upstream(answers("/ask", List.of(Mono.never(), fine())));

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(rehearsal.keys("/ask").stream().distinct()).hasSize(1);
    }

    @Test
    void repeatsNothingThatMustNotBeRepeated() {
        Rehearsal rehearsal = Rehearsal.of(ONCE, "{}").upstream(answers("/pay", List.of(unknown(), fine())));

        assertThat(rehearsal.finish()).isEqualTo("{\"rescued\":504}");
        assertThat(rehearsal.calls).hasSize(1);
    }

    @Test
    void repeatsWhatWasAnsweredEvenIfItMustNotBeRepeatedUnknown() {
        Rehearsal rehearsal = Rehearsal.of(ONCE, "{}").upstream(answers("/pay", List.of(known(), fine())));

        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        assertThat(rehearsal.keys("/pay")).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void doesNotRepeatACallThatACrashInterrupted() {
        Rehearsal rehearsal = Rehearsal.of(ONCE, "{}")
                .upstream(answers("/pay", List.of(fine(), fine())))
                .crashAfter(1);
        rehearsal.dies();
        assertThat(rehearsal.disk.stream().map(entry -> entry.kind())).containsExactly(EntryKind.BEGUN);
        rehearsal.recover();

        assertThat(rehearsal.finish()).isEqualTo("{\"rescued\":500}");
        assertThat(rehearsal.calls).hasSize(1);
    }

    private static Rehearsal finished(int crash) {
        Rehearsal rehearsal = Rehearsal.of("""
                do:
                  - attempt:
                      try:
                        - part:
                            do:
                              - first: { call: http, with: { method: post, endpoint: "http://up/first" } }
                              - again: { call: http, with: { method: post, endpoint: "http://up/first" } }
                        - second: { call: http, with: { method: post, endpoint: "http://up/second" } }
                      catch:
                        retry: { delay: { seconds: 1 }, limit: { attempt: { count: 5 } } }
                """, "{}").crashAfter(crash);
        rehearsal = rehearsal.upstream(answersByAttempt(rehearsal));
        if (crash < Integer.MAX_VALUE) {
            rehearsal.dies();
            rehearsal.recover();
        }
        assertThat(rehearsal.finish()).isEqualTo("\"fine\"");
        return rehearsal;
    }

    /** What the upstream answers depends on the attempt, not on how often it was asked. */
    private static Function<Rehearsal.Call, Mono<JsonNode>> answersByAttempt(Rehearsal rehearsal) {
        return call -> {
            long attempt = rehearsal.disk.stream()
                    .filter(entry -> entry.kind() == EntryKind.RETRY)
                    .count();
            return call.uri().endsWith("/second") && attempt < 3 ? (attempt == 1 ? known() : unknown()) : fine();
        };
    }
}
