package dev.sluice.executor.run;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.engine.Lifecycle;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.RunJournal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final List<Supplier<List<RunEvent>>> held = new ArrayList<>();

    LiveEvents(UUID runId, RunEvents events, RunJournal journal, RunHub hub) {
        this.runId = runId;
        this.events = events;
        this.journal = journal;
        this.hub = hub;
    }

    /** Everything is committed. */
    void release() {
        held.forEach(told -> hub.publishAll(runId, told));
        held.clear();
    }

    @Override
    public void started(TaskBase task, Instant at) {
        hub.publishAll(runId, () -> events.taskStarted(task, at, null));
    }

    @Override
    public void waiting(Entry entry) {
        hub.publishAll(runId, () -> events.of(entry));
    }

    @Override
    public void completed(TaskBase task, Instant at, @Nullable Integer seq) {
        tell(seq, () -> List.of(events.taskCompleted(task, at, seq)));
    }

    @Override
    public void faulted(TaskBase task, Instant at, JsonNode error, @Nullable Integer seq) {
        tell(seq, () -> List.of(events.taskFaulted(task, at, error, seq)));
    }

    @Override
    public void retried(TaskBase task, Instant at, int seq) {
        hub.publishAll(runId, () -> List.of(events.taskRetried(task, at, seq)));
    }

    @Override
    public void correlated(Instant at, Map<String, JsonNode> keys, @Nullable Integer seq) {
        hub.publishAll(runId, () -> List.of(events.correlated(at, keys, seq)));
    }

    @Override
    public void decided(Entry entry) {
        hub.publishAll(runId, () -> events.of(entry));
    }

    private void tell(@Nullable Integer seq, Supplier<List<RunEvent>> told) {
        if (seq != null && journal.holds(seq)) {
            held.add(told);
        } else {
            hub.publishAll(runId, told);
        }
    }
}
