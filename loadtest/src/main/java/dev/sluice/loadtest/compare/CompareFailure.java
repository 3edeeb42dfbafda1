package dev.sluice.loadtest.compare;

import org.jspecify.annotations.Nullable;

/** Why a peer, or the whole comparison, cannot go on: one sentence for the person who started it. */
final class CompareFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CompareFailure(String message) {
        this(message, null);
    }

    CompareFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
