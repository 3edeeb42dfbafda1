package dev.sluice.executor.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls of a run whose outcome is not known: under way, cancelled with the branch they were made on, or given up. What
 * becomes of a branch that is cancelled is here, since it ends without a word. Thread-safe.
 */
final class CallsUnderWay {

    private final Map<String, String> calls = new ConcurrentHashMap<>();

    /** A call that is about to be made with the key of a position, or whose outcome is not known. */
    void unknown(Position call, Position key) {
        calls.put(call.anyAttempt(), key.path());
    }

    void known(Position call) {
        calls.remove(call.anyAttempt());
    }

    /** Those at a place or inside it that something may repeat. */
    Unresolved within(Position place) {
        return new Unresolved(Map.copyOf(calls)).inside(place).repeatable();
    }
}
