package dev.sluice.executor.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Not an error: the run has nothing to do before an instant, or before something happens, and leaves memory until then. */
public final class Parked extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient @Nullable Instant until;

    Parked(@Nullable Instant until) {
        super(until == null ? "waits for something to happen" : "waits until " + until, null, false, false);
        this.until = until;
    }

    /** When to take the run up again unless something happens before; null when nothing else brings it back. */
    public @Nullable Instant until() {
        return until;
    }
}
