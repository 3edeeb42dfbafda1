package dev.sluice.executor.engine;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.LeftTasks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Notes what happens to tasks, in words, and tells it to those who listen. */
final class HeardLifecycle implements Lifecycle {

    final List<String> heard = new ArrayList<>();
    private final RehearsedJournal journal;

    HeardLifecycle(RehearsedJournal journal) {
        this.journal = journal;
    }

    @Override
    public void started(TaskBase task, String path, Instant at) {
        heard.add("started " + task.name());
        journal.tell("started " + path, at);
    }

    @Override
    public void waiting(Entry entry) {
        heard.add(entry.kind() + " " + entry.seq());
    }

    @Override
    public void correlated(String path, Instant at, Map<String, JsonNode> keys, @Nullable Integer seq) {
        heard.add("correlated " + new TreeMap<>(keys) + " " + seq);
    }

    @Override
    public void decided(Entry entry) {
        heard.add("decided " + LeftTasks.of(entry.payload()));
    }

    @Override
    public void completed(TaskBase task, String path, Instant at, @Nullable Integer seq) {
        heard.add("completed " + task.name());
        journal.tell("completed " + path, at);
    }

    @Override
    public void faulted(TaskBase task, String path, Instant at, JsonNode error) {
        heard.add("faulted " + task.name());
        journal.tell("faulted " + path, at);
    }

    @Override
    public void faulted(TaskBase task, Entry entry) {
        heard.add("faulted " + task.name());
    }
}
