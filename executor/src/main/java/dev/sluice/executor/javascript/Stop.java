package dev.sluice.executor.javascript;

import java.io.Serial;

/** Ends a script out of a function that it called, past everything that it could catch. */
final class Stop extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient Outcome outcome;

    Stop(Outcome outcome) {
        super(outcome.toString(), null, false, false);
        this.outcome = outcome;
    }

    Outcome outcome() {
        return outcome;
    }
}
