package dev.sluice.executor.javascript;

import io.roastedroot.quickjs4j.core.JavyPluginModule;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import run.endive.runtime.ByteArrayMemory;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.Memory;
import run.endive.runtime.TrapException;
import run.endive.runtime.WasmInterruptedException;
import run.endive.wasi.WasiOptions;
import run.endive.wasi.WasiPreview1;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.MemoryLimits;
import run.endive.wasm.types.ValType;

/**
 * One interpreter. Of the machine it has a clock and random bytes; there are no files, no network, no environment, and the only way
 * out is the one function given. For one thread.
 */
final class QuickJs {

    /** What a script calls: an operation and a text, for a text in JSON. */
    interface Gate {

        /** Before the text is copied, which has so many bytes. */
        void permit(String operation, long bytes);

        /** Does it, and gives the answer. */
        byte[] call(String operation, byte[] text);
    }

    private static final int PAGE = Memory.PAGE_SIZE;
    private static final int WORD = 4;
    private static final int LONGEST_OPERATION = 16;

    private final Complaints complaints = new Complaints();
    private final Gate gate;
    private final Instance instance;

    /** One with so many bytes of memory. */
    QuickJs(long memoryBytes, Gate gate) {
        this.gate = gate;
        this.instance = Instance.builder(JavyPluginModule.load())
                .withMachineFactory(JavyPluginModule::create)
                .withMemoryFactory(ByteArrayMemory::new)
                .withMemoryLimits(new MemoryLimits(initialPages(), (int) (memoryBytes / PAGE)))
                .withImportValues(imports())
                .build();
    }

    private static int initialPages() {
        return JavyPluginModule.load()
                .memorySection()
                .orElseThrow()
                .getMemory(0)
                .limits()
                .initialPages();
    }

    private ImportValues imports() {
        WasiOptions nothing = WasiOptions.builder()
                .withStdout(complaints)
                .withStderr(complaints)
                .build();
        WasiPreview1 system = WasiPreview1.builder().withOptions(nothing).build();
        ValType word = ValType.I32;
        FunctionType type = FunctionType.of(List.of(word, word, word, word, word, word), List.of(word));
        return ImportValues.builder()
                .addFunction(system.toHostFunctions())
                .addFunction(new HostFunction("endive", "invoke", type, (self, values) -> invoke(values)))
                .build();
    }

    /** Begins from nothing. */
    void initialize() {
        long ignored = call("initialize_runtime");
    }

    /** Goes on from the memory of another one that was at rest. */
    void resume(byte[] image) {
        instance.memory().grow(image.length / PAGE - instance.memory().pages());
        instance.memory().write(0, image);
    }

    /** All of its memory. */
    byte[] image() {
        return instance.memory().readBytes(0, instance.memory().pages() * PAGE);
    }

    /** Compiles a module, which is there to be imported afterwards. */
    void declare(byte[] source) {
        long ignored = call("compileSrc", put(source), source.length);
    }

    /** The same, and what it is compiled to. */
    byte[] compile(byte[] source) {
        int compiled = (int) call("compileSrc", put(source), source.length);
        return instance.memory().readBytes(word(compiled), word(compiled + WORD));
    }

    /** Runs a compiled module, and then everything that waits to be run. */
    void evaluate(byte[] bytecode) {
        long ignored = call("eval", put(bytecode), bytecode.length, 0, 0);
    }

    /** What was wrong with a module that it should compile; null when that is not why it failed. */
    @Nullable
    String problem() {
        return complaints.problem();
    }

    /** Why it failed. */
    Outcome.Reason reason(Throwable error) {
        if (error instanceof WasmInterruptedException) {
            return SandboxThread.current().reason();
        }
        Memory memory = instance.memory();
        if (memory.pages() >= memory.maximumPages() || complaints.ofMemory()) {
            return Outcome.Reason.MEMORY;
        }
        // Its stack is at the beginning of the memory: what goes deeper is outside of it.
        return error instanceof TrapException ? Outcome.Reason.CRASHED : Outcome.Reason.DEPTH;
    }

    private long[] invoke(long[] values) {
        String operation =
                new String(bytes(values[0], Math.min(values[1], LONGEST_OPERATION)), StandardCharsets.US_ASCII);
        gate.permit(operation, values[5]);
        byte[] answer = gate.call(operation, bytes(values[4], values[5]));
        int at = put(answer);
        int pair = allocate(2 * WORD);
        instance.memory().writeI32(pair, at);
        instance.memory().writeI32(pair + WORD, answer.length);
        return new long[] {pair};
    }

    private byte[] bytes(long at, long length) {
        return instance.memory().readBytes((int) at, (int) length);
    }

    private int word(int at) {
        return instance.memory().readInt(at);
    }

    private int put(byte[] bytes) {
        int at = allocate(bytes.length);
        instance.memory().write(at, bytes);
        return at;
    }

    private int allocate(int bytes) {
        return (int) call("cabi_realloc", 0, 0, 1, bytes);
    }

    private long call(String function, long... arguments) {
        long[] results = instance.exports().function(function).apply(arguments);
        return results == null || results.length == 0 ? 0 : results[0];
    }
}
