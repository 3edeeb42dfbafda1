package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tasks of a run that had begun and were left as they were: their branch lost, or the run rests, was cancelled or left
 * memory. Whether that ends them is for whoever knows why they were left. Thread-safe: a run is cancelled from outside.
 */
final class TasksLeft {

    /** So many are told of; what is left of them nobody counts. */
    static final int MOST = 256;

    private final Map<String, String> tasks = new LinkedHashMap<>();

    synchronized void add(TaskBase task, Position at) {
        if (tasks.size() < MOST) {
            tasks.put(at.path(), task.reference());
        }
    }

    /** Takes out what was left inside a place: references, those of inner tasks before those around them. */
    synchronized List<String> take(Position place) {
        List<String> inside = new ArrayList<>();
        tasks.entrySet().removeIf(entry -> {
            boolean within = new Position(entry.getKey()).within(place.path());
            if (within) {
                inside.add(entry.getValue());
            }
            return within;
        });
        return inside;
    }
}
