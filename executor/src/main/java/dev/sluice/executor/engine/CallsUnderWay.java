package dev.sluice.executor.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls of a run whose outcome is not known: under way, cancelled with the branch they were made on, or given up. What
 * becomes of a branch that is cancelled is here, since it ends without a word. Like {@link Unresolved} it has only calls
 * inside a {@code try}, and no longer than until that try has ended. Thread-safe.
 */
final class CallsUnderWay {

    private final Map<String, String> calls = new ConcurrentHashMap<>();

    /** A call that is about to be made with the key of a position, or whose outcome is not known. */
    void unknown(Position call, Position key) {
        String any = call.anyAttempt();
        if (!any.equals(call.path())) {
            calls.put(any, key.path());
        }
    }

    void known(Position call) {
        if (!calls.isEmpty()) {
            calls.remove(call.anyAttempt());
        }
    }

    /** Forgets what is at a place or inside it. */
    void forget(Position place) {
        if (!calls.isEmpty()) {
            String outer = place.anyAttempt();
            calls.keySet().removeIf(any -> new Position(any).within(outer));
        }
    }

    /** Those at a place or inside it. */
    Unresolved within(Position place) {
        return new Unresolved(Map.copyOf(calls)).inside(place);
    }
}
