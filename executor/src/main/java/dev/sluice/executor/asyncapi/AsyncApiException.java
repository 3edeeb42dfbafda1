package dev.sluice.executor.asyncapi;

/** A document that cannot be used. The message is for the author of the workflow. */
public final class AsyncApiException extends Exception {

    private static final long serialVersionUID = 1L;

    AsyncApiException(String message) {
        super(message);
    }
}
