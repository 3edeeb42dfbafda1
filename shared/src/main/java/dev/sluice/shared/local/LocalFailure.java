package dev.sluice.shared.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
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

    /** The operating system's refusal in words; the exception's own message is often a bare path. */
    static LocalFailure of(String what, IOException e) {
        String reason = switch (e) {
            case AccessDeniedException denied -> "permission denied for " + denied.getFile();
            case FileAlreadyExistsException file -> file.getFile() + " is a file";
            case NoSuchFileException missing -> missing.getFile() + " is missing";
            case NotDirectoryException file -> file.getFile() + " is not a folder";
            default -> e.toString();
        };
        return new LocalFailure(what + ": " + reason + ".", e);
    }

    String sentence() {
        return sentence;
    }
}
