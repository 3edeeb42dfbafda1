package dev.sluice.executor.javascript;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that ends what runs on it. The compiled WebAssembly asks its thread at each call and at each turn of a loop whether it is
 * interrupted; this one says so by itself when the script's time is up or nobody waits for it. So nobody has to interrupt it, and no
 * interrupt can come late and meet the next script.
 */
final class SandboxThread extends Thread {

    /**
     * More than the interpreter can use of it before its own stack of 1 MB in WebAssembly is full, which ends the script, not the
     * thread. Memory that is not touched is not there.
     */
    private static final long STACK_BYTES = 64L << 20;

    /** So many questions are answered without a look at the clock. */
    private static final int UNLOOKED = 256;

    private long deadline;
    private BooleanSupplier cancelled = () -> false;
    private boolean running;
    private int unlooked;
    private Outcome.@Nullable Reason reason;

    SandboxThread(Runnable work, String name) {
        super(null, work, name, STACK_BYTES);
        setDaemon(true);
    }

    /** The current thread. */
    static SandboxThread current() {
        if (Thread.currentThread() instanceof SandboxThread thread) {
            return thread;
        }
        throw new IllegalStateException("Scripts run on threads of the sandbox, not on " + Thread.currentThread());
    }

    /** From now on what runs here has so much time, and is ended too when this becomes true. */
    void begin(Duration time, BooleanSupplier stop) {
        deadline = System.nanoTime() + time.toNanos();
        cancelled = stop;
        reason = null;
        unlooked = 0;
        running = true;
    }

    /** What runs from now on is no script. */
    void end() {
        running = false;
        cancelled = () -> false;
    }

    /** Why the script was ended. */
    Outcome.Reason reason() {
        return reason == null ? Outcome.Reason.CANCELLED : reason;
    }

    @Override
    public boolean isInterrupted() {
        return running ? isOver() : super.isInterrupted();
    }

    private boolean isOver() {
        if (reason == null && --unlooked < 0) {
            unlooked = UNLOOKED;
            look();
        }
        return reason != null;
    }

    private void look() {
        if (cancelled.getAsBoolean()) {
            reason = Outcome.Reason.CANCELLED;
        } else if (System.nanoTime() - deadline >= 0) {
            reason = Outcome.Reason.TIME;
        }
    }
}
