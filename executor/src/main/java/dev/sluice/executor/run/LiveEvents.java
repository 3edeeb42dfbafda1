package dev.sluice.executor.run;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.engine.Lifecycle;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Passes what happens in a run to its watchers. */
record LiveEvents(UUID runId, RunEvents events, RunHub hub) implements Lifecycle {

    @Override
    public void started(TaskBase task, Instant at) {
        hub.publish(runId, () -> events.taskStarted(task, at, null));
    }

    @Override
    public void waiting(TaskBase task, Instant at, int seq) {
        hub.publish(runId, () -> events.taskStarted(task, at, seq));
    }

    @Override
    public void completed(TaskBase task, Instant at, @Nullable Integer seq) {
        hub.publish(runId, () -> events.taskCompleted(task, at, seq));
    }

    @Override
    public void faulted(TaskBase task, Instant at, JsonNode error, @Nullable Integer seq) {
        hub.publish(runId, () -> events.taskFaulted(task, at, error, seq));
    }

    @Override
    public void retried(TaskBase task, Instant at, int seq) {
        hub.publish(runId, () -> events.taskRetried(task, at, seq));
    }
}
