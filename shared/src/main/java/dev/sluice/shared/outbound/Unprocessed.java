package dev.sluice.shared.outbound;

/** A server of HTTP/2 said that it did not process a request (RFC 9113, section 8.7): sent again it has its effect once. */
public final class Unprocessed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Since this came of it. */
    public Unprocessed(Throwable cause) {
        super("the server did not process it", cause, false, false);
    }
}
