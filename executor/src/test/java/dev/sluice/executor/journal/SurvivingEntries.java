package dev.sluice.executor.journal;

import java.util.Comparator;
import java.util.List;

/** What a journal keeps when everything that checkpoints have replaced is deleted. */
public final class SurvivingEntries {

    private SurvivingEntries() {}

    /** In their order. */
    public static List<Entry> of(List<Entry> entries) {
        return Replay.of(entries).byPath().values().stream()
                .sorted(Comparator.comparingInt(Entry::seq))
                .toList();
    }
}
