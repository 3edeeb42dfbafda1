package dev.sluice.executor.javascript;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.TrapException;
import run.endive.wasm.WasmEngineException;

/** Whether something is a script at all. */
public final class Syntax {

    private static final long MEMORY_BYTES = 64L << 20;

    private Syntax() {}

    /**
     * Why code is no ECMAScript module that could run here, with the line; null when it is one. Nothing of it runs. Blocks, for
     * milliseconds as a rule; who is interrupted meanwhile is told that it is none.
     *
     * @param most how long it may take; null too when that is not enough to know
     */
    public static @Nullable String problem(String code, Duration most) {
        Reading reading = new Reading(code, most);
        Thread thread = Sandbox.threads().newThread(reading);
        thread.start();
        try {
            thread.join();
        } catch (InterruptedException e) {
            reading.cancelled = true;
            Thread.currentThread().interrupt();
        }
        return reading.problem;
    }

    /** On a thread with a stack for it. */
    private static final class Reading implements Runnable {

        private final String code;
        private final Duration most;
        private volatile boolean cancelled;
        private volatile @Nullable String problem = "it could not be read";

        Reading(String code, Duration most) {
            this.code = code;
            this.most = most;
        }

        @Override
        public void run() {
            Image image = Image.get();
            SandboxThread.current().begin(most, () -> cancelled);
            QuickJs interpreter = new QuickJs(MEMORY_BYTES, Closed.GATE);
            try {
                interpreter.resume(image.memory());
                interpreter.declare(code.getBytes(StandardCharsets.UTF_8));
                problem = null;
            } catch (TrapException e) {
                String complaint = interpreter.problem();
                problem = complaint == null ? tooMuch(interpreter, e) : complaint;
            } catch (WasmEngineException | StackOverflowError e) {
                problem = tooMuch(interpreter, e);
            }
        }

        private static @Nullable String tooMuch(QuickJs interpreter, Throwable error) {
            return switch (interpreter.reason(error)) {
                case TIME -> null;
                case MEMORY, OUTPUT -> "it takes more memory to read than there is";
                case DEPTH -> "it is nested too deep";
                case CANCELLED, CRASHED -> "it could not be read";
            };
        }
    }
}
