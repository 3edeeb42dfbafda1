package dev.sluice.executor.engine;

/** Not an error: the run was asked to halt, and each of its branches rests where its next effect would begin. */
public final class Suspended extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Suspended() {
        super("halted", null, false, false);
    }
}
