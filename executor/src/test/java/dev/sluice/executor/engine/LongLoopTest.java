package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.FencedException;
import dev.sluice.executor.journal.SurvivingEntries;
import dev.sluice.shared.json.Json;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** A loop that asks and waits, written as a jump back: however often it turns, little is read to take it up again. */
class LongLoopTest {

    private static final int TURNS = 500;

    private static final String POLL = """
            do:
              - prepare:
                  call: http
                  with: { method: post, endpoint: "http://up/ask", body: { n: -1 } }
              - poll:
                  do:
                    - ask:
                        call: http
                        with: { method: post, endpoint: "http://up/ask", body: { n: "${ .n }" } }
                        export: { as: "{ seen: (($context.seen // 0) + 1) }" }
                    - check:
                        switch:
                          - done: { when: "${ .n >= %d }", then: exit }
                          - again: { then: pause }
                    - pause:
                        wait: { milliseconds: 50 }
                        then: ask
              - show: { set: { n: "${ .n }", seen: "${ $context.seen }" } }
            """.formatted(TURNS);

    @Test
    void keepsFewEntriesHoweverOftenItTurns() {
        Rehearsal rehearsal = counting();

        assertThat(rehearsal.finish()).isEqualTo("{\"n\":500,\"seen\":500}");

        List<Entry> open = rehearsal.disk.subList(0, rehearsal.disk.size() - 10);
        assertThat(rehearsal.disk).hasSizeGreaterThan(2 * TURNS);
        assertThat(SurvivingEntries.of(open)).hasSizeLessThan(16);
    }

    @Test
    void goesOnWithTheTurnThatWasNoted() {
        Rehearsal rehearsal = counting();
        rehearsal.crashAfter(TURNS);
        assertThat(crashes(rehearsal)).isTrue();
        List<Entry> surviving = SurvivingEntries.of(rehearsal.disk);
        assertThat(surviving)
                .anyMatch(entry ->
                        entry.kind() == EntryKind.CHECKPOINT && entry.path().startsWith("1/~"));
        assertThat(surviving).hasSizeLessThan(16);
        rehearsal.recover();

        assertThat(rehearsal.finish()).isEqualTo("{\"n\":500,\"seen\":500}");
    }

    /** Nothing that a checkpoint has replaced is needed: it is deleted at each crash. */
    @Test
    void repeatsNoJournaledCallWhereverItCrashes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Rehearsal rehearsal = counting();
        int crashes = 0;
        do {
            rehearsal.crashAfter(1 + random.nextInt(60));
            List<Entry> surviving = SurvivingEntries.of(rehearsal.disk);
            rehearsal.disk.clear();
            rehearsal.disk.addAll(surviving);
            crashes++;
            assertThat(crashes).as("seed %d", seed).isLessThan(TURNS);
        } while (crashes(rehearsal));

        rehearsal.recover();
        assertThat(rehearsal.finish()).as("seed %d", seed).isEqualTo("{\"n\":500,\"seen\":500}");
        assertThat(rehearsal.calls.stream().map(Rehearsal.Call::key).distinct())
                .as("calls with keys of their own, seed %d", seed)
                .hasSize(TURNS + 1);
        assertThat(rehearsal.calls)
                .as("seed %d", seed)
                .hasSizeLessThanOrEqualTo(TURNS + 1 + crashes)
                .isSortedAccordingTo((one, other) -> Integer.compare(n(one), n(other)));
    }

    private static int n(Rehearsal.Call call) {
        return Objects.requireNonNull(call.body()).path("n").asInt();
    }

    private static boolean crashes(Rehearsal rehearsal) {
        try {
            return rehearsal.finish().isEmpty();
        } catch (FencedException crash) {
            return true;
        }
    }

    /** The upstream counts on from what it is told. */
    private static Rehearsal counting() {
        return Rehearsal.of(POLL, "{}").upstream(call -> Mono.just(Json.object().put("n", n(call) + 1)));
    }
}
