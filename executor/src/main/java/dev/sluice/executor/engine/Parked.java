package dev.sluice.executor.engine;

import java.time.Instant;

/** Not an error: the run has nothing to do before an instant and leaves memory until then. */
public final class Parked extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Instant until;

    Parked(Instant until) {
        super("waits until " + until, null, false, false);
        this.until = until;
    }

    /** When to take the run up again. */
    public Instant until() {
        return until;
    }
}
