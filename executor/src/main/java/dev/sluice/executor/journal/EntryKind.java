package dev.sluice.executor.journal;

import java.util.Arrays;

/** What an entry says. Codes are stored and never change their meaning. */
public enum EntryKind {
    /** An effect ended well; the payload is its output. */
    COMPLETED(1, JournalFormat.TASKS),
    /** An effect ended with an error; the payload is the error. */
    FAILED(2, JournalFormat.TASKS),
    /** A wait began; the payload says when it is due. */
    WAITING(3, JournalFormat.TASKS),
    /** A failed attempt will be repeated; the payload says when, and carries the error. */
    RETRY(4, JournalFormat.TASKS),
    /** A composite task or an iteration ended; the payload is its output and context, and replaces all entries inside. */
    CHECKPOINT(5, JournalFormat.TASKS),
    /** An effect that must not be repeated is about to begin, without a payload; or the payload has the documents that a task goes by. */
    BEGUN(6, JournalFormat.TASKS),
    /** Which branch of a fork decided it; the payload is its index, and the other branches do not matter any more. */
    DECIDED(7, JournalFormat.BRANCHES),
    /** The run rests until somebody resumes it; the payload says why. */
    SUSPENDED(8, JournalFormat.EVENTS),
    /** The run goes on after having been suspended; there is no payload. */
    RESUMED(9, JournalFormat.EVENTS),
    /** The run goes on after it had ended; the payload says how it had, and which entries do not count any more. */
    REOPENED(10, JournalFormat.EVENTS),
    /** An event was emitted and is stored in the same transaction; the payload has its id and envelope. */
    EMITTED(20, JournalFormat.EVENTS),
    /** A subscription to events began, and what came before was found; the payload is empty. */
    LISTENING(21, JournalFormat.EVENTS),
    /** An event was consumed; the payload is a {@link Hearing}. */
    HEARD(22, JournalFormat.EVENTS);

    private final int code;
    private final JournalFormat since;

    EntryKind(int code, JournalFormat since) {
        this.code = code;
        this.since = since;
    }

    /** The stored number. */
    public int code() {
        return code;
    }

    /** The first format that has it. */
    public JournalFormat since() {
        return since;
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
