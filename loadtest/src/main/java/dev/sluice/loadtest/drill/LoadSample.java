package dev.sluice.loadtest.drill;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a system takes its load, looked at once a second: how far runs get (entries of their journals), how many end, and who has
 * how many of them. Where there is more to do than can be done, runs end long after they began: then the first says more.
 * Blocks.
 */
final class LoadSample {

    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final Duration BETWEEN = Duration.ofSeconds(1);

    private LoadSample() {}

    /** A line about so many looks, after a moment in which the system settles. */
    static String of(DrillSystem system, int looks) {
        Pause.of(SETTLE);
        try (Ledger ledger = system.ledger()) {
            Map<String, Long> owned = new TreeMap<>();
            long ended = ledger.endedRuns();
            long written = ledger.journalEntries();
            Instant begin = WallClock.now();
            for (int look = 0; look < looks; look++) {
                Pause.of(BETWEEN);
                ledger.ownedRuns().forEach((node, count) -> owned.merge(node, count, Long::sum));
            }
            double seconds = Duration.between(begin, WallClock.now()).toMillis() / 1e3;
            double ends = (ledger.endedRuns() - ended) / seconds;
            double entries = (ledger.journalEntries() - written) / seconds;
            owned.replaceAll((node, sum) -> Math.round(sum / (double) looks));
            return String.format(
                    Locale.ROOT, "%.1f steps/s, %.1f runs/s, in memory on average %s", entries, ends, owned);
        }
    }
}
