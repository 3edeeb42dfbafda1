package dev.sluice.executor.journal;

/** A run's journal would be larger than it may be: the run ends, and its message tells the author what to change. */
public final class JournalFullException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JournalFullException(Extent extent, JournalBounds bounds) {
        super(
                "The run keeps %d results of %d bytes, more than a journal may have (%d results, %d bytes)."
                                .formatted(extent.entries(), extent.bytes(), bounds.entries(), bounds.bytes())
                        + " Keep less of each response (output.as), export only what later tasks need, and put steps that"
                        + " belong together into a 'do' or a 'for', whose end replaces the results inside it.",
                null,
                false,
                false);
    }
}
