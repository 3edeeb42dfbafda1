package dev.sluice.executor.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The timeout of a task, as the effects inside it see it. Deadlines are enforced where a run waits for the world, never
 * while it replays, so a run taken up late does not lose what it had already done.
 *
 * @param due       when time is up
 * @param path      path of the task that has the timeout
 * @param reference its JSON pointer, the {@code instance} of the error
 */
record Deadline(Instant due, String path, String reference) {

    static @Nullable Deadline earlier(@Nullable Deadline one, Deadline other) {
        return one != null && one.due.isBefore(other.due) ? one : other;
    }

    DslError error() {
        return ErrorType.TIMEOUT.at(reference, "The task did not end before its timeout.");
    }
}
