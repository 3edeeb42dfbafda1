package dev.sluice.executor.journal;

import org.jspecify.annotations.Nullable;

/**
 * An entry without its payload: enough to tell whether the payload is still needed.
 *
 * @param reopening what an entry of that kind says
 * @param bytes     length of the payload, 0 where that does not matter
 */
record Heading(
        int seq,
        EntryKind kind,
        String path,
        int placeHash,
        @Nullable Reopening reopening,
        int bytes) {

    static Heading of(Entry entry) {
        return of(entry, 0);
    }

    static Heading of(JournalRow.Line line) {
        return of(line.entry(), line.payload().size());
    }

    private static Heading of(Entry entry, int bytes) {
        Reopening reopening = entry.kind() == EntryKind.REOPENED ? Reopening.of(entry.payload()) : null;
        return new Heading(entry.seq(), entry.kind(), entry.path(), entry.placeHash(), reopening, bytes);
    }
}
