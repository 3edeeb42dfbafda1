package dev.sluice.executor.run;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.engine.Lifecycle;
import dev.sluice.executor.journal.RunJournal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Passes what happens in a run to its watchers, but nothing that is not committed: what waits for the run's end is told of
 * when it is released. For the run's thread, and for who has committed its end.
 */
final class LiveEvents implements Lifecycle {

    private final UUID runId;
    private final RunEvents events;
    private final RunJournal journal;
    private final RunHub hub;
    private final List<Supplier<RunEvent>> held = new ArrayList<>();

    LiveEvents(UUID runId, RunEvents events, RunJournal journal, RunHub hub) {
        this.runId = runId;
        this.events = events;
        this.journal = journal;
        this.hub = hub;
    }

    /** Everything is committed. */
    void release() {
        held.forEach(event -> hub.publish(runId, event));
        held.clear();
    }

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
        tell(seq, () -> events.taskCompleted(task, at, seq));
    }

    @Override
    public void faulted(TaskBase task, Instant at, JsonNode error, @Nullable Integer seq) {
        tell(seq, () -> events.taskFaulted(task, at, error, seq));
    }

    @Override
    public void retried(TaskBase task, Instant at, int seq) {
        hub.publish(runId, () -> events.taskRetried(task, at, seq));
    }

    private void tell(@Nullable Integer seq, Supplier<RunEvent> event) {
        if (seq != null && journal.holds(seq)) {
            held.add(event);
        } else {
            hub.publish(runId, event);
        }
    }
}
