package dev.sluice.executor.openapi;

/** A document that describes no API, or not the operation that is asked for. The message is shown to authors. */
public final class OpenApiException extends Exception {

    private static final long serialVersionUID = 1L;

    OpenApiException(String message) {
        super(message);
    }
}
