package dev.sluice.executor.expression.limit;

/** An evaluation that used up what it had. Programs cannot catch it. */
public final class LimitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Bound bound;

    /** With a message that is shown to authors. */
    public LimitException(Bound bound, String message) {
        super(message, null, false, false);
        this.bound = bound;
    }

    /** What ran out. */
    public Bound bound() {
        return bound;
    }
}
