package dev.sluice.gateway.token;

/** A token is not what it should be; the message says why and holds nothing of it. */
public final class UntrueTokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UntrueTokenException(String message) {
        super(message);
    }
}
