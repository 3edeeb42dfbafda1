package dev.sluice.executor.journal;

import org.jspecify.annotations.Nullable;

/**
 * An entry without its payload: enough to tell whether the payload is still needed.
 *
 * @param reopening what an entry of that kind says
 */
record Heading(
        int seq,
        EntryKind kind,
        String path,
        int placeHash,
        @Nullable Reopening reopening) {

    static Heading of(Entry entry) {
        Reopening reopening = entry.kind() == EntryKind.REOPENED ? Reopening.of(entry.payload()) : null;
        return new Heading(entry.seq(), entry.kind(), entry.path(), entry.placeHash(), reopening);
    }
}
