package dev.sluice.executor.call.grpc;

/** A response that is not made of messages. The message says why, after "The upstream's response cannot be read:". */
final class IllegalFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean excess;

    IllegalFrameException(String message) {
        this(message, false);
    }

    /**
     * Says why.
     *
     * @param excess whether it may be all right but is more than is read
     */
    IllegalFrameException(String message, boolean excess) {
        super(message, null, false, false);
        this.excess = excess;
    }

    /** Whether it may be all right but is more than is read. */
    boolean excess() {
        return excess;
    }
}
