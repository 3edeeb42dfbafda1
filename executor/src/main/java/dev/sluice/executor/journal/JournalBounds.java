package dev.sluice.executor.journal;

/**
 * How large a journal may be. Only what replay would read counts: not what a checkpoint has replaced.
 *
 * @param bytes   of all payloads
 * @param entries how many
 */
public record JournalBounds(long bytes, int entries) {

    /** 64 MiB and 100,000 entries. */
    public static final JournalBounds DEFAULT = new JournalBounds(64L << 20, 100_000);

    public JournalBounds {
        if (bytes < 1 || entries < 1) {
            throw new IllegalArgumentException("bytes: " + bytes + ", entries: " + entries + " (expected: > 0)");
        }
    }

    /** The same number of entries in other bytes. */
    public JournalBounds withBytes(long other) {
        return new JournalBounds(other, entries);
    }

    boolean exceededBy(Extent extent) {
        return extent.bytes() > bytes || extent.entries() > entries;
    }
}
