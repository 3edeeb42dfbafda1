package dev.sluice.executor.expression;

/** An evaluation that would have taken longer than it may where it was; whoever runs it begins it again elsewhere. */
public final class Unfinished extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unfinished() {
        super("an evaluation needs more than it may use here", null, false, false);
    }
}
