package dev.sluice.loadtest.capacity;

import org.jspecify.annotations.Nullable;

/** Why a scenario cannot go on, in one sentence for the person who started it. */
final class CapacityFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CapacityFailure(String message) {
        this(message, null);
    }

    CapacityFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
