package dev.sluice.shared.outbound;

import org.jspecify.annotations.Nullable;

/** Why an exchange with the outside came to nothing. The message names no secret and no header. */
public final class OutboundException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What went wrong. */
    public enum Kind {
        /** The policy forbids the address; nothing was connected. */
        REFUSED_ADDRESS,
        /** The name has no address, or the resolver did not answer. */
        UNRESOLVED,
        /** No connection came about: refused, unreachable, or the TLS handshake failed. */
        CONNECT,
        /** The server did not take who connects for somebody it serves, and said so by a TLS alert before it answered anything. */
        IDENTITY,
        /** The total time was over. */
        TIMEOUT,
        /** The connection was lost before the response was complete. */
        RESET,
        /** What came is not HTTP. */
        MALFORMED,
        /** The response is longer than its bound. */
        TOO_LARGE,
        /** Our own pool or its queue is full; nothing was sent. */
        CAPACITY,
        /** Whoever asked may not send any more; nothing was sent. */
        WITHDRAWN
    }

    private final Kind kind;
    private final boolean sent;

    OutboundException(Kind kind, boolean sent, String message, @Nullable Throwable cause) {
        super(message, cause, true, false);
        this.kind = kind;
        this.sent = sent;
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }

    /** Whether the request may have reached the upstream; when false, it is certain that it has not. */
    public boolean sent() {
        return sent;
    }
}
