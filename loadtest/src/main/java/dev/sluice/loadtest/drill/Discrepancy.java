package dev.sluice.loadtest.drill;

/** Something that must not be. */
record Discrepancy(Kind kind, String detail) {

    /** What can be wrong. */
    enum Kind {
        /** A request was refused for good, or never accepted. */
        REFUSED,
        /** Something accepted has no run. */
        LOST,
        /** A run has not ended. */
        UNFINISHED,
        /** A run ended, but not well. */
        FAILED,
        /** A run's output is not the one that its calls give. */
        WRONG_OUTPUT,
        /** A client was given another output than the run has. */
        WRONG_ANSWER,
        /** One request has two runs. */
        DUPLICATE_RUN,
        /** A run nobody asked for. */
        UNEXPECTED_RUN,
        /** A step of a completed run has too few or too many keys. */
        WRONG_KEYS,
        /** A call without an idempotency key. */
        NO_KEY,
        /** A call of a run that ended has no outcome in its journal. */
        NOT_JOURNALED,
        /** The journal has the outcome of a call that nobody made. */
        NEVER_CALLED,
        /** A call was repeated after its outcome had been committed. */
        REPEATED_EFFECT,
        /** A call was repeated though nothing had happened while it was under way. */
        REPEATED_WITHOUT_CAUSE,
        /** The journal has the outcome of an earlier call than the last one made with the key. */
        STALE_OUTCOME,
        /** Fewer runs were open at a kill than there had to be. */
        TOO_FEW_OPEN
    }
}
