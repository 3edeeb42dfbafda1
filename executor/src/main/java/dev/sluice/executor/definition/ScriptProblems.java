package dev.sluice.executor.definition;

import dev.sluice.executor.javascript.Syntax;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the scripts of one document, each read once however many tasks have it. Reading takes ten seconds of them all
 * together at most. One that was not read in time is taken for a script, since a slow machine makes no document invalid; what is
 * wrong with it shows when it runs. Not thread-safe.
 */
final class ScriptProblems {

    private static final Duration MOST = Duration.ofSeconds(10);

    private final Reader reader;
    private final Map<String, Optional<String>> known = new HashMap<>();
    private Duration left = MOST;

    ScriptProblems() {
        this(Syntax::problem);
    }

    ScriptProblems(Reader reader) {
        this.reader = reader;
    }

    /** Reads a script. */
    interface Reader {

        /** What is wrong with it; null for nothing, and when it takes longer than it may. */
        @Nullable
        String problem(String code, Duration most);
    }

    /** What is wrong with a script; null when nothing is, or when there is no time left to know. Blocks. */
    @Nullable
    String of(String code) {
        return known.computeIfAbsent(code, this::read).orElse(null);
    }

    private Optional<String> read(String code) {
        if (!left.isPositive()) {
            return Optional.empty();
        }
        long start = System.nanoTime();
        String problem = reader.problem(code, left);
        left = left.minusNanos(System.nanoTime() - start);
        return Optional.ofNullable(problem);
    }
}
