package dev.sluice.loadtest.bench;

import org.jspecify.annotations.Nullable;

/** Why the bench cannot go on, in one sentence for the person who started it. */
final class BenchFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BenchFailure(String message) {
        this(message, null);
    }

    BenchFailure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
