package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Hears what happens in a run while it happens, and again what happened after its last checkpoint when it is taken up again:
 * the same of the same paths then. Called on the run's thread; must be quick and must not fail.
 */
public interface Lifecycle {

    /** Nobody listens. */
    Lifecycle SILENT = new Lifecycle() {};

    /** A task's turn has come, before anything of it is looked at. */
    default void reached(TaskBase task, String path) {}

    /** A task begins, right after it was made. */
    default void started(TaskBase task, String path, Instant at) {}

    /** A wait begins, or a subscription to events, with its journal entry; announced instead of {@link #started}. */
    default void waiting(Entry entry) {}

    /**
     * A subscription has heard what it waited for; the task's end follows.
     *
     * @param keys what its correlations came to
     */
    default void correlated(String path, Instant at, Map<String, JsonNode> keys, @Nullable Integer seq) {}

    /** A fork is decided, with its journal entry, which says what was left of the other branches. */
    default void decided(Entry entry) {}

    /** A task ended well; {@code seq} is its journal entry where it has one. */
    default void completed(TaskBase task, String path, Instant at, @Nullable Integer seq) {}

    /** A task ended with an error that no entry of its own says. */
    default void faulted(TaskBase task, String path, Instant at, JsonNode error) {}

    /** A task ended with an error, with its journal entry, which may say what ended with it. */
    default void faulted(TaskBase task, Entry entry) {}

    /** A try will be attempted again. */
    default void retried(TaskBase task, Instant at, int seq) {}
}
