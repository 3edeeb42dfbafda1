package dev.sluice.executor.javascript;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import run.endive.runtime.TrapException;
import run.endive.wasm.WasmEngineException;

/**
 * Runs scripts (ECMAScript 2024 modules), each in an interpreter of its own that ran nothing before and runs nothing after it. A
 * script has its arguments, environment and standard input, a clock and random numbers, and can write to its two outputs; there is
 * nothing else that it could reach. Thread-safe.
 */
public final class Sandbox {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    /** What a script is given has to fit into its memory several times: as text, and as values. */
    private static final int SHARE = 4;

    private final SandboxLimits limits;

    /** Scripts that may use so much each. */
    public Sandbox(SandboxLimits limits) {
        this.limits = limits;
    }

    /** Makes the threads on which scripts can run. */
    public static ThreadFactory threads() {
        return work -> new SandboxThread(work, "script-" + NUMBER.incrementAndGet());
    }

    /** Whether a script and what it is given are small enough for it to run at all. */
    public boolean fits(Program program) {
        return program.size() + program.code().length() <= limits.memoryBytes() / SHARE;
    }

    /** How much memory each may use. */
    public long memoryBytes() {
        return limits.memoryBytes();
    }

    /**
     * Runs a script to its end, on the calling thread, which must be one of {@link #threads}.
     *
     * @param cancelled asked all the time while it runs; once it is true the script ends
     */
    public Outcome run(Program program, BooleanSupplier cancelled) {
        SandboxThread thread = SandboxThread.current();
        if (!fits(program)) {
            return new Outcome.Stopped(Outcome.Reason.MEMORY);
        }
        byte[] code = program.code().getBytes(StandardCharsets.UTF_8);
        Image image = Image.get();
        thread.begin(limits.time(), cancelled);
        try {
            Run run = new Run(program, limits.outputBytes());
            return run(code, run, new QuickJs(limits.memoryBytes(), run), image);
        } finally {
            thread.end();
        }
    }

    private static Outcome run(byte[] code, Run run, QuickJs interpreter, Image image) {
        boolean compiled = false;
        try {
            interpreter.resume(image.memory());
            interpreter.declare(code);
            compiled = true;
            interpreter.evaluate(image.main());
            return run.ended();
        } catch (Stop e) {
            return e.outcome();
        } catch (TrapException e) {
            String problem = compiled ? null : interpreter.problem();
            return problem == null ? new Outcome.Stopped(interpreter.reason(e)) : Run.invalid(problem);
        } catch (WasmEngineException | StackOverflowError e) {
            return new Outcome.Stopped(interpreter.reason(e));
        }
    }
}
