package dev.sluice.executor.engine;

/** A call ended with an error that the workflow sees. */
public final class CallFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient DslError error;

    /** The error, as the workflow sees it. */
    public CallFailure(DslError error) {
        super(error.type(), null, false, false);
        this.error = error;
    }

    /** What went wrong. */
    public DslError error() {
        return error;
    }
}
