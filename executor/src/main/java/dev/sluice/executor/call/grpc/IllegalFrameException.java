package dev.sluice.executor.call.grpc;

/** A response that is not made of messages. The message says why, after "The upstream's response cannot be read:". */
final class IllegalFrameException extends Exception {

    private static final long serialVersionUID = 1L;

    IllegalFrameException(String message) {
        super(message, null, false, false);
    }
}
