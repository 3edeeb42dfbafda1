package dev.sluice.executor.run;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.engine.Lifecycle;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.executor.run.RunEvents.Point;
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
 * when it is released. What no entry tells goes to the journal too, for those who listen. For the run's thread, and for who
 * has committed its end.
 */
final class LiveEvents implements Lifecycle {

    private final UUID runId;
    private final RunEvents events;
    private final RunJournal journal;
    private final RunAudience audience;
    private final RunHub hub;
    private final List<Supplier<List<RunEvent>>> held = new ArrayList<>();

    LiveEvents(UUID runId, RunJournal journal, RunAudience audience, RunHub hub) {
        this.runId = runId;
        this.events = audience.events();
        this.journal = journal;
        this.audience = audience;
        this.hub = hub;
    }

    /** The run as a whole begins, which those who listen for that have been told. */
    void begun(Instant at) {
        if (isNews(at)) {
            journal.tell(audience.of(List.of(events.started(at))));
        }
        hub.publish(runId, () -> events.started(at));
    }

    /** Everything is committed. */
    void release() {
        held.forEach(told -> hub.publishAll(runId, told));
        held.clear();
    }

    @Override
    public void started(TaskBase task, String path, Instant at) {
        tell(at, null, () -> events.taskStarted(task, new Point(path, at, null)));
    }

    @Override
    public void waiting(Entry entry) {
        hub.publishAll(runId, () -> events.of(entry));
    }

    @Override
    public void completed(TaskBase task, String path, Instant at, @Nullable Integer seq) {
        Supplier<List<RunEvent>> told = () -> List.of(events.taskCompleted(task, new Point(path, at, seq)));
        store(at, told);
        publish(seq, told);
    }

    @Override
    public void faulted(TaskBase task, String path, Instant at, JsonNode error) {
        tell(at, null, () -> List.of(events.taskFaulted(task, error, new Point(path, at, null))));
    }

    @Override
    public void faulted(TaskBase task, Entry entry) {
        tell(entry.at(), entry.seq(), () -> events.of(entry));
    }

    @Override
    public void retried(TaskBase task, Instant at, int seq) {
        hub.publishAll(runId, () -> List.of(events.taskRetried(task, new Point("", at, seq))));
    }

    @Override
    public void correlated(String path, Instant at, Map<String, JsonNode> keys, @Nullable Integer seq) {
        tell(at, seq, () -> List.of(events.correlated(keys, new Point(path, at, seq))));
    }

    @Override
    public void decided(Entry entry) {
        hub.publishAll(runId, () -> events.of(entry));
    }

    private boolean isNews(Instant at) {
        return audience.present() && !journal.toldLongAgo(at);
    }

    /** What an entry tells is stored with that. */
    private void tell(Instant at, @Nullable Integer seq, Supplier<List<RunEvent>> told) {
        if (seq == null) {
            store(at, told);
        }
        publish(seq, told);
    }

    private void store(Instant at, Supplier<List<RunEvent>> told) {
        if (isNews(at)) {
            journal.tell(audience.of(told.get()));
        }
    }

    private void publish(@Nullable Integer seq, Supplier<List<RunEvent>> told) {
        if (seq != null && journal.holds(seq)) {
            held.add(told);
        } else {
            hub.publishAll(runId, told);
        }
    }
}
