package dev.sluice.executor.description;

/** Another document has yet to be fetched before an operation can be told. */
public final class PendingException extends DescriptionException {

    private static final long serialVersionUID = 1L;

    PendingException(String reference) {
        super("'" + reference + "' has yet to be fetched");
    }
}
