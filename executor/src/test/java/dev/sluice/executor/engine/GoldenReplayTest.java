package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.journal.JournalFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Journals of each format there has been, cut wherever a crash may have cut them: this engine goes on with all of them. */
class GoldenReplayTest {

    static Stream<Arguments> journals() {
        return Arrays.stream(JournalFormat.values())
                .flatMap(format -> Arrays.stream(GoldenCase.values())
                        .filter(scenario -> scenario.in(format))
                        .map(scenario -> Arguments.of(format, scenario)));
    }

    @ParameterizedTest
    @MethodSource("journals")
    void goesOnWhereverTheJournalEndsAndRepeatsNothingThatIsInIt(JournalFormat format, GoldenCase scenario) {
        GoldenJournal golden = GoldenJournal.read(format, scenario);

        for (int rows = 0; rows <= golden.rows().size(); rows++) {
            int cut = rows;
            List<GoldenCall> left = new ArrayList<>(
                    golden.calls().stream().filter(call -> call.until() > cut).toList());
            GoldenRehearsal replay = GoldenRehearsal.over(scenario, golden, rows, call -> take(left, call, cut));

            boolean exact =
                    scenario == GoldenCase.TASKS || rows == golden.rows().size();
            assertThat(comparable(replay.finish(), exact))
                    .as("after %d rows", rows)
                    .isEqualTo(comparable(golden.output(), exact));
            assertThat(left).as("calls not made after %d rows", rows).allMatch(GoldenCall::hangs);
        }
    }

    /** Calls of branches that had begun are made later than they were, and with them all that has the time of their entries. */
    private static String comparable(String output, boolean exact) {
        return exact ? output : output.replaceAll("\"at\":[0-9.]+", "\"at\":…");
    }

    /** The answer of the first such call that the journal has no outcome of. */
    private static GoldenCall.Answer take(List<GoldenCall> left, Rehearsal.Call made, int rows) {
        GoldenCall expected = left.stream()
                .filter(call -> call.uri().equals(made.uri()) && call.key().equals(made.key()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("After " + rows + " rows: a repeated or foreign call " + made));
        assertThat(made.body()).as("body of %s", made.uri()).isEqualTo(expected.body());
        left.remove(expected);
        return expected.answer();
    }
}
