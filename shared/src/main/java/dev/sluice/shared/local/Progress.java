package dev.sluice.shared.local;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Supplier;

/** What the user reads while things start and stop: one line per step, with its seconds. */
record Progress(PrintStream out) {
    private static final double NANOS = 1e9;

    void line(String text) {
        out.println(text);
        out.flush();
    }

    /** Runs one step and prints its name, what it led to, and how long it took. */
    <T> T step(String name, Supplier<T> work, Function<T, String> outcome) {
        long start = System.nanoTime();
        T result = work.get();
        double seconds = (System.nanoTime() - start) / NANOS;
        line(String.format(Locale.ROOT, "%-11s %s, %.1f s", name, outcome.apply(result), seconds));
        return result;
    }

    void step(String name, Runnable work, String outcome) {
        long start = System.nanoTime();
        work.run();
        line(String.format(Locale.ROOT, "%-11s %s, %.1f s", name, outcome, (System.nanoTime() - start) / NANOS));
    }
}
