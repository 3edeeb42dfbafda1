package dev.sluice.shared.local;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message is the one sentence its user reads, without a stack trace. */
final class LocalFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    LocalFailure(String sentence) {
        this(sentence, null);
    }

    LocalFailure(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    String sentence() {
        return sentence;
    }
}
