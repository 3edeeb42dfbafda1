package dev.sluice.executor.engine;

/** A call ended with an error that the workflow sees. */
public final class CallFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient DslError error;
    private final boolean unknown;

    /** An error after which it is known what the call did: it was answered, or never made. */
    public CallFailure(DslError error) {
        this(error, false);
    }

    /**
     * The error, as the workflow sees it.
     *
     * @param unknown whether the upstream may have done what was asked although no answer came
     */
    public CallFailure(DslError error, boolean unknown) {
        super(error.type(), null, false, false);
        this.error = error;
        this.unknown = unknown;
    }

    /** What went wrong. */
    public DslError error() {
        return error;
    }

    /** Whether the upstream may have done what was asked although no answer came. */
    public boolean unknown() {
        return unknown;
    }
}
