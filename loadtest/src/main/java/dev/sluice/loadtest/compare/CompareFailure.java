package dev.sluice.loadtest.compare;

import org.jspecify.annotations.Nullable;

/** Why a peer, or the whole comparison, cannot go on: one sentence for the person who started it. */
public final class CompareFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** One sentence. */
    public CompareFailure(String message) {
        this(message, null);
    }

    /** One sentence, and what it comes from. */
    public CompareFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
