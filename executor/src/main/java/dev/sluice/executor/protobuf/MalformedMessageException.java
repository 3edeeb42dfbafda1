package dev.sluice.executor.protobuf;

/** Bytes that are no message of the type that they should be of, or one that is too much. The message names the type alone. */
public final class MalformedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean excess;

    MalformedMessageException(String message) {
        this(message, false);
    }

    /**
     * Says why.
     *
     * @param excess whether it may be all right but is more than is read
     */
    MalformedMessageException(String message, boolean excess) {
        super(message, null, false, false);
        this.excess = excess;
    }

    /** Whether it may be all right but is more than is read. */
    public boolean excess() {
        return excess;
    }
}
