package dev.sluice.executor.engine;

/** Time was up while something was waited for. */
final class Expired extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Deadline deadline;

    Expired(Deadline deadline) {
        super(deadline.path(), null, false, false);
        this.deadline = deadline;
    }

    Deadline deadline() {
        return deadline;
    }
}
