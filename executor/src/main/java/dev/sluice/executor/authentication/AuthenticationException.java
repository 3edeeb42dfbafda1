package dev.sluice.executor.authentication;

/** A call cannot say who makes it. The message is shown to authors and holds no credentials. */
public final class AuthenticationException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** Whose fault it is. */
    public enum Reason {
        /** The settings make no sense. */
        CONFIGURATION,
        /** The authority does not give a token for them. */
        REFUSED,
        /** The authority does not answer, or not as it should. */
        AUTHORITY
    }

    AuthenticationException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    /** Whose fault it is. */
    public Reason reason() {
        return reason;
    }
}
