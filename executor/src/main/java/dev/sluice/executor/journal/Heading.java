package dev.sluice.executor.journal;

/**
 * An entry without its payload: enough to tell whether the payload is still needed.
 *
 * @param bytes length of the payload
 */
record Heading(int seq, EntryKind kind, String path, int bytes) {

    static Heading of(JournalRow.Line line) {
        Entry entry = line.entry();
        return new Heading(
                entry.seq(), entry.kind(), entry.path(), line.payload().size());
    }
}
