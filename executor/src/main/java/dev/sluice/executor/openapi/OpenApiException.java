package dev.sluice.executor.openapi;

/** A document that describes no API, or not the operation that is asked for. The message is shown to authors. */
public class OpenApiException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Says why. */
    public OpenApiException(String message) {
        super(message);
    }
}
