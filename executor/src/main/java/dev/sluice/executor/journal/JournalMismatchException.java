package dev.sluice.executor.journal;

/** An entry was written by another task than the one that finds it: the run stops for an operator, no effect runs. */
public final class JournalMismatchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    JournalMismatchException(String message) {
        super(message);
    }
}
