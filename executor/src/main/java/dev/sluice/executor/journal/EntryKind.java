package dev.sluice.executor.journal;

import java.util.Arrays;

/** What an entry says. Codes are stored and never change their meaning. */
public enum EntryKind {
    /** An effect ended well; the payload is its output. */
    COMPLETED(1),
    /** An effect ended with an error; the payload is the error. */
    FAILED(2),
    /** A wait began; the payload says when it is due. */
    WAITING(3),
    /** A failed attempt will be repeated; the payload says when, and carries the error. */
    RETRY(4),
    /** A composite task or an iteration ended; the payload is its output and context, and replaces all entries inside. */
    CHECKPOINT(5),
    /** An effect that must not be repeated is about to begin; there is no payload. */
    BEGUN(6),
    /** Which branch of a fork decided it; the payload is its index, and the other branches do not matter any more. */
    DECIDED(7),
    /** The run rests until somebody resumes it; the payload says why. */
    SUSPENDED(8),
    /** The run goes on after having been suspended; there is no payload. */
    RESUMED(9),
    /** The run goes on after it had ended; the payload says how it had, and which entries do not count any more. */
    REOPENED(10),
    /** An event was emitted and is stored in the same transaction; the payload has its id and envelope. */
    EMITTED(20),
    /** A subscription to events began, and what came before was found; the payload is empty. */
    LISTENING(21),
    /** An event was consumed; the payload is a {@link Hearing}. */
    HEARD(22);

    private final int code;

    EntryKind(int code) {
        this.code = code;
    }

    /** The stored number. */
    public int code() {
        return code;
    }

    /** Whether it is about the run as a whole: its path is its number alone, and no task wrote it. */
    public boolean ofRun() {
        return this == SUSPENDED || this == RESUMED || this == REOPENED;
    }

    /** The kind of a stored number. */
    public static EntryKind ofCode(int code) {
        return Arrays.stream(values())
                .filter(kind -> kind.code == code)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Unknown journal entry kind " + code));
    }
}
