package dev.sluice.shared.embedded;

import org.jspecify.annotations.Nullable;

/** An embedded server cannot run; the message is one sentence for the person who started it. */
public final class EmbeddedServerException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EmbeddedServerException(String sentence) {
        this(sentence, null);
    }

    EmbeddedServerException(String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
    }
}
