package dev.sluice.executor.javascript;

/** How a script ended. */
public sealed interface Outcome {

    /**
     * By itself.
     *
     * @param code 0, what it said to {@code process.exit}, or 1 for an error that it did not catch, which is in {@code stderr} then
     */
    record Ended(int code, String stdout, String stderr) implements Outcome {}

    /** It was ended. */
    record Stopped(Reason reason) implements Outcome {}

    /** Why a script was ended. */
    enum Reason {
        /** It took longer than {@link SandboxLimits#time}. */
        TIME,
        /** It or what it was given needs more than {@link SandboxLimits#memoryBytes}. */
        MEMORY,
        /** It wrote more than {@link SandboxLimits#outputBytes}. */
        OUTPUT,
        /** Calls within calls, or values within values, went deeper than the interpreter's stack. */
        DEPTH,
        /** Nobody waits for it any more. */
        CANCELLED,
        /** The interpreter failed. */
        CRASHED
    }
}
