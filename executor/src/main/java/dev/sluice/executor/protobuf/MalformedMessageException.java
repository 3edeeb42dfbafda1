package dev.sluice.executor.protobuf;

/** Bytes that are no message of the type that they should be of, or one that is too much. The message names the type alone. */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
