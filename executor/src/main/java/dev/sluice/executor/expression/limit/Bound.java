package dev.sluice.executor.expression.limit;

/** What can run out in an evaluation. */
public enum Bound {
    /** Work: iterations, calls, and what a builtin does with each character or element. */
    STEPS("steps", true),
    /** Estimated bytes of all values that the evaluation made, those it has dropped again included. */
    BYTES("bytes", true),
    /** Calls within calls, and values within values. */
    DEPTH("levels", true),
    /** Values that the program gave. */
    OUTPUTS("outputs", true),
    /** Time by the clock, which says more of the machine than of the program. */
    TIME("time", false),
    /** Whoever asked does not want the answer any more. */
    CANCELLED("cancellation", false);

    private final String unit;
    private final boolean deterministic;

    Bound(String unit, boolean deterministic) {
        this.unit = unit;
        this.deterministic = deterministic;
    }

    /** What it is counted in, in words. */
    public String unit() {
        return unit;
    }

    /** Whether the same program runs into it again with the same values. */
    public boolean isDeterministic() {
        return deterministic;
    }
}
