package dev.sluice.executor.javascript;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * An interpreter's memory as it is before any script, with what scripts find in it: made once, from nothing but the files beside this
 * class, and copied for each script. Making an interpreter takes ten times as long. Thread-safe: nobody changes the bytes.
 */
final class Image {

    private static final long MEMORY_BYTES = 16L << 20;

    private final byte[] memory;
    private final byte[] main;

    private Image(byte[] memory, byte[] main) {
        this.memory = memory;
        this.main = main;
    }

    /** Of an interpreter at rest. */
    byte[] memory() {
        return memory;
    }

    /** The module that runs a script. */
    byte[] main() {
        return main;
    }

    /** The one for all; made when the first script asks for it, which takes half a second. */
    static Image get() {
        return Made.IMAGE;
    }

    /** Lazily, on the thread of the first script. */
    private static final class Made {
        private static final Image IMAGE = make();
    }

    private static Image make() {
        QuickJs interpreter = fresh();
        // Another one: what is compiled stays in an interpreter under the name that it has at first.
        QuickJs compiler = fresh();
        interpreter.evaluate(module("sluice:prelude", "prelude.js", compiler));
        interpreter.evaluate(module("node:fs", "fs.js", compiler));
        interpreter.evaluate(module("fs", "fs.js", compiler));
        interpreter.evaluate(module("node:process", "process.js", compiler));
        interpreter.evaluate(module("process", "process.js", compiler));
        return new Image(interpreter.image(), module("sluice:main", "main.js", compiler));
    }

    private static QuickJs fresh() {
        QuickJs interpreter = new QuickJs(MEMORY_BYTES, Closed.GATE);
        interpreter.initialize();
        return interpreter;
    }

    private static byte[] module(String name, String file, QuickJs compiler) {
        return Bytecode.named(name, compiler.compile(read(file)));
    }

    private static byte[] read(String file) {
        try (InputStream in = Image.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException(file + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
