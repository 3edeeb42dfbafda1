package dev.sluice.executor.openapi;

/** Another document has yet to be fetched before an operation can be told. */
public final class PendingException extends OpenApiException {

    private static final long serialVersionUID = 1L;

    PendingException(String reference) {
        super("'" + reference + "' has yet to be fetched");
    }
}
