package dev.sluice.shared.outbound;

/** A server that answered, and opened no WebSocket. */
public final class HandshakeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient OutboundHead head;

    HandshakeException(OutboundHead head) {
        super("The server answered with status " + head.status() + " and opened no WebSocket.", null, false, false);
        this.head = head;
    }

    /** What it answered. */
    public OutboundHead head() {
        return head;
    }
}
