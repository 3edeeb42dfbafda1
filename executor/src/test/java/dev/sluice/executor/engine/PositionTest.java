package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two places of a run never have the same path. Names are in none: a path is of indices and letters. */
class PositionTest {

    private static final List<String> NAMES =
            List.of("__proto__", "constructor", "/", "~", "..", "0", "i0", "t0", "~1", "0/i0", "c", "!");

    /** Each way on from a position, in words of its own. */
    private static Map<String, UnaryOperator<Position>> steps() {
        Map<String, UnaryOperator<Position>> steps = new HashMap<>();
        for (int number : new int[] {0, 1, 2, 10, 11, 100}) {
            steps.put("turn " + number, at -> at.turn(number));
            steps.put("iteration " + number, at -> at.iteration(number));
            steps.put("attempt " + number, at -> at.attempt(number));
            steps.put("delay " + number, at -> at.delay(number));
            steps.put("branch " + number, at -> at.branch(number));
            steps.put("event " + number, at -> at.event(number));
            steps.put("before " + number, at -> at.before(number));
            steps.put("after " + number, at -> at.after(number));
            for (int turn : new int[] {0, 1, 10}) {
                steps.put("task " + number + " in turn " + turn, at -> at.task(number, turn));
            }
        }
        steps.put("listening", Position::listening);
        steps.put("processing", Position::processing);
        steps.put("extended", Position::extended);
        steps.put("decision", Position::decision);
        steps.put("handler", Position::handler);
        steps.put("begun", Position::begun);
        steps.put("expiry", Position::expiry);
        return steps;
    }

    @Test
    void isAPathOfItsOwnForEachWayThere() {
        Map<String, String> seen = new HashMap<>();
        steps().forEach((one, first) -> {
            Position outer = first.apply(Position.ROOT);
            assertThat(seen.put(outer.path(), one)).as(outer.path()).isNull();
            steps().forEach((two, second) -> {
                Position inner = second.apply(outer);
                assertThat(seen.put(inner.path(), one + ", " + two))
                        .as(inner.path())
                        .isNull();
                assertThat(inner.within(outer.path())).isTrue();
                assertThat(outer.within(inner.path())).isFalse();
            });
        });
    }

    @Test
    void forgetsTheNumbersOfAttemptsAndNoOthers() {
        Position task = Position.ROOT.task(1, 0).attempt(12).task(3, 4).iteration(5);
        assertThat(task.anyAttempt()).isEqualTo("1/t/3~4/i5");
    }

    /** Names that look like segments of a path lead to the same journal as any others. */
    @Test
    void hasNothingOfTheNamesOfTasks() {
        for (int appends = 0; appends < 12; appends++) {
            List<Entry> plain = journal(
                    IntStream.range(0, NAMES.size())
                            .mapToObj(index -> "n" + index)
                            .toList(),
                    appends);
            List<Entry> hostile = journal(NAMES, appends);
            assertThat(effects(hostile)).containsExactlyInAnyOrderElementsOf(effects(plain));
            assertThat(hostile).extracting(Entry::path).doesNotHaveDuplicates();
        }
    }

    /** Whether the last branch of a fork leaves a checkpoint depends on when the others ended. */
    private static List<String> effects(List<Entry> journal) {
        return journal.stream()
                .filter(entry -> entry.kind() != EntryKind.CHECKPOINT)
                .map(Entry::path)
                .toList();
    }

    private static List<Entry> journal(List<String> names, int appends) {
        List<String> shuffled = new ArrayList<>(names);
        Collections.shuffle(shuffled, new Random(appends));
        String calls = String.join(
                ", ",
                shuffled.stream()
                        .map(name ->
                                "{ '" + name + "': { call: http, with: { method: get, endpoint: 'http://up/x' } } }")
                        .toList());
        String document = """
                do:
                  - 'i0': { for: { in: '[1, 2]' }, do: [ %s ] }
                  - 't0': { try: [ %s ], catch: {} }
                  - 'f0': { fork: { branches: [ { '0': { do: [ %s ] } }, { 'f0': { do: [ %s ] } } ] } }
                  - 'end of it': { set: { done: true } }
                """.formatted(calls, calls, calls, calls);
        Rehearsal rehearsal = Rehearsal.of(document, "{}").evaluatingAtOnce();
        rehearsal.crashAfter(appends).dies();
        rehearsal.recover();
        assertThat(rehearsal.finish()).isEqualTo("{\"done\":true}");
        assertThat(rehearsal.calls.stream().map(Rehearsal.Call::key).distinct()).hasSize(5 * names.size());
        return rehearsal.disk;
    }
}
