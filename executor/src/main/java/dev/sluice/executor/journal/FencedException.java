package dev.sluice.executor.journal;

/** The run belongs to another node or has ended: whatever this node still has of it must be dropped. */
public final class FencedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says what was refused. */
    public FencedException(String message) {
        super(message, null, false, false);
    }
}
