package dev.sluice.executor.journal;

import java.util.Arrays;

/**
 * What may stand in a journal, by the number that nodes and runs carry. A format has all that the ones before it have: a
 * node goes on with any run whose format is not newer than its own, and writes nothing that the run's format does not have
 * (ADR 27). Numbers are stored and never change their meaning.
 */
public enum JournalFormat {
    /** Calls, waits, attempts, iterations, and the checkpoints of these. */
    TASKS(1),
    /** Branches of a fork, which of them decided it, and calls of a branch that was cancelled. */
    BRANCHES(2),
    /** Events, other runs, values that were fixed, lists that note a jump back, and the control of runs. */
    EVENTS(3),
    /** Elements of streams, messages of channels, and which tasks were under way when a fork was decided or a run came to rest. */
    STREAMS(4);

    /** What this version understands. */
    public static final JournalFormat CURRENT = STREAMS;

    private final int number;

    JournalFormat(int number) {
        this.number = number;
    }

    /** The stored number. */
    public int number() {
        return number;
    }

    /** Whether a journal of this format may have what came with another. */
    public boolean has(JournalFormat other) {
        return compareTo(other) >= 0;
    }

    /** The format of a stored number, which is not newer than {@link #CURRENT}. */
    public static JournalFormat of(int number) {
        return Arrays.stream(values())
                .filter(format -> format.number == number)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Unknown journal format " + number));
    }
}
