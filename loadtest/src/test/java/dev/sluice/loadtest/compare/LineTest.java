package dev.sluice.loadtest.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LineTest {

    private static final Figures FIGURES = new Figures(2_000, 3, 10, 12_345, 98_765);

    @Test
    void dividesWhatTheDatabaseCountedByTheRuns() {
        var counted = new PeerDatabase.Counters(22_100, 5_000, 6_600_000).since(new PeerDatabase.Counters(100, 0, 0));
        Line line = new Line(
                "peer",
                Workload.NINE_STEPS,
                64,
                FIGURES,
                15_000,
                Optional.of(2_500L),
                300L << 20,
                Optional.of(counted),
                Optional.of(11.0));

        assertThat(line.cells())
                .hasSameSizeAs(Line.HEADINGS)
                .containsExactly(
                        "peer", "9 steps", "64", "200", "12.3", "98.8", "3", "150 %", "25 %", "300 MB", "11.00", "2.50",
                        "3300", "11.00");
    }

    @Test
    void showsTheProcessorOfAStoreThatCountsNothingElse() {
        Line line = new Line(
                "peer",
                Workload.THREE_CALLS,
                64,
                FIGURES,
                15_000,
                Optional.of(2_500L),
                300L << 20,
                Optional.empty(),
                Optional.empty());

        assertThat(line.cells()).hasSameSizeAs(Line.HEADINGS).endsWith("150 %", "25 %", "300 MB", "-", "-", "-", "-");
    }

    @Test
    void leavesOutWhatAnEngineWithoutDatabaseCannotTell() {
        Line line = new Line(
                "peer",
                Workload.ONE_STEP,
                1,
                new Figures(0, 5, 1, 0, 0),
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                Optional.empty());

        assertThat(line.cells())
                .hasSameSizeAs(Line.HEADINGS)
                .endsWith("0 MB", "-", "-", "-", "-")
                .contains("5");
    }
}
