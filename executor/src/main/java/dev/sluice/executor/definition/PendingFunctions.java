package dev.sluice.executor.definition;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Functions elsewhere that calls have asked for. They are compiled after all else, one after the other: one that leads to another
 * that leads to another would take the stack of all of them otherwise.
 */
final class PendingFunctions {

    private final Set<String> begun = new HashSet<>();
    private final Deque<Runnable> compilations = new ArrayDeque<>();
    private final Deque<Runnable> checks = new ArrayDeque<>();

    /**
     * Has a function compiled unless somebody has asked for it already: it may call itself.
     *
     * @param check tells of what is wrong with it, when those that it leads to have told
     */
    void add(String function, Runnable compilation, Runnable check) {
        if (begun.add(function)) {
            compilations.add(compilation);
            checks.add(check);
        }
    }

    /** Compiles them, and those that they ask for in turn. */
    void compile() {
        while (!compilations.isEmpty()) {
            compilations.poll().run();
        }
        while (!checks.isEmpty()) {
            checks.pollLast().run();
        }
    }
}
