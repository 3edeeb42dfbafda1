package dev.sluice.loadtest.drill;

import org.jspecify.annotations.Nullable;

/** Why a drill cannot go on, in one sentence for the person who started it. */
public final class DrillFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DrillFailure(String message) {
        this(message, null);
    }

    DrillFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
