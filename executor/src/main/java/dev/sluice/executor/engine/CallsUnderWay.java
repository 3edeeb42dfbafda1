package dev.sluice.executor.engine;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The calls of a run that were begun and whose outcome is not in the journal: under way, or cancelled with the branch they
 * were made on. Thread-safe.
 */
final class CallsUnderWay {

    private final Set<Position> calls = ConcurrentHashMap.newKeySet();

    void begun(Position call) {
        calls.add(call);
    }

    void ended(Position call) {
        calls.remove(call);
    }

    /** Those at a place or inside it, which are forgotten. */
    List<Position> takeWithin(Position outer) {
        List<Position> found =
                calls.stream().filter(call -> call.within(outer.path())).toList();
        found.forEach(calls::remove);
        return found;
    }
}
