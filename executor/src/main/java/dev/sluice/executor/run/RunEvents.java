package dev.sluice.executor.run;

import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.shared.event.CloudEvent;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Makes the lifecycle events of one run (DSL reference, "Lifecycle Events"), live or from what is stored. */
final class RunEvents {

    private static final String PREFIX = "io.serverlessworkflow.";

    private final UUID runId;
    private final Workflow workflow;
    private final WorkflowName name;
    /** Only stored entries are looked up; made by the first of them, at worst by several of them alike. */
    private volatile @Nullable Map<Integer, TaskBase> places;

    RunEvents(UUID runId, Workflow workflow) {
        this.runId = runId;
        this.workflow = workflow;
        this.name = workflow.name();
    }

    RunEvent started(Instant at) {
        ObjectNode data = named("name");
        ObjectNode definition = data.putObject("definition");
        definition.put("namespace", name.namespace());
        definition.put("name", name.name());
        definition.put("version", name.version());
        data.put("startedAt", at.toString());
        return event("workflow.started.v1", at, data, 0, null);
    }

    RunEvent ended(RunEnd end) {
        ObjectNode data = named("name");
        String verb = switch (end.status()) {
            case COMPLETED -> "completed";
            case FAULTED -> "faulted";
            case CANCELLED -> "cancelled";
            case PENDING, RUNNING, WAITING, SUSPENDED ->
                throw new IllegalStateException("A run does not end as " + end.status());
        };
        data.put(verb + "At", end.at().toString());
        if (end.output() != null) {
            data.set("output", end.output());
        }
        if (end.error() != null) {
            data.set("error", end.error());
        }
        return event("workflow." + verb + ".v1", end.at(), data, end.seq(), end);
    }

    RunEvent taskStarted(TaskBase task, Instant at, @Nullable Integer seq) {
        return task("started", task, at, null, seq);
    }

    RunEvent taskCompleted(TaskBase task, Instant at, @Nullable Integer seq) {
        return task("completed", task, at, null, seq);
    }

    RunEvent taskFaulted(TaskBase task, Instant at, JsonNode error, @Nullable Integer seq) {
        return task("faulted", task, at, error, seq);
    }

    RunEvent taskRetried(TaskBase task, Instant at, int seq) {
        return task("retried", task, at, null, seq);
    }

    /** What a journal entry tells watchers, in order; nothing for entries that only the engine needs. */
    List<RunEvent> of(Entry entry) {
        return switch (entry.kind()) {
            case COMPLETED, FAILED, RETRY, WAITING, EMITTED, LISTENING -> {
                TaskBase task = places().get(entry.placeHash());
                yield task == null ? List.of() : List.of(of(entry, task));
            }
            case HEARD -> {
                TaskBase task = places().get(entry.placeHash());
                boolean last = Hearing.isLast(entry.payload());
                yield task == null || !last ? List.of() : List.of(taskCompleted(task, entry.at(), entry.seq()));
            }
            case SUSPENDED -> List.of(run("suspended", entry));
            case RESUMED -> List.of(run("resumed", entry));
            case REOPENED -> List.of(former(entry), run("resumed", entry));
            case CHECKPOINT, BEGUN, DECIDED -> List.of();
        };
    }

    private RunEvent of(Entry entry, TaskBase task) {
        return switch (entry.kind()) {
            case COMPLETED, EMITTED -> taskCompleted(task, entry.at(), entry.seq());
            case FAILED -> taskFaulted(task, entry.at(), entry.payload().path("error"), entry.seq());
            case RETRY -> taskRetried(task, entry.at(), entry.seq());
            case WAITING, LISTENING -> taskStarted(task, entry.at(), entry.seq());
            case CHECKPOINT, BEGUN, DECIDED, HEARD, SUSPENDED, RESUMED, REOPENED ->
                throw new IllegalStateException("No task tells of " + entry.kind());
        };
    }

    /** The end that was none, for who has not heard of it; the stream goes on. */
    private RunEvent former(Entry entry) {
        return ended(Reopened.former(entry.payload())).followed();
    }

    private RunEvent run(String verb, Entry entry) {
        ObjectNode data = named("name").put(verb + "At", entry.at().toString());
        return event("workflow." + verb + ".v1", entry.at(), data, entry.seq(), null);
    }

    private Map<Integer, TaskBase> places() {
        Map<Integer, TaskBase> known = places;
        if (known == null) {
            known = Places.of(workflow);
            places = known;
        }
        return known;
    }

    private RunEvent task(String verb, TaskBase task, Instant at, @Nullable JsonNode error, @Nullable Integer seq) {
        ObjectNode data = named("workflow");
        data.put("task", task.reference());
        data.put(verb + "At", at.toString());
        if (error != null) {
            data.set("error", error);
        }
        return event("task." + verb + ".v1", at, data, seq, null);
    }

    private ObjectNode named(String property) {
        return Json.object().put(property, name.name() + "-" + runId + "." + name.namespace());
    }

    private RunEvent event(String type, Instant at, ObjectNode data, @Nullable Integer seq, @Nullable RunEnd end) {
        UUID id = seq == null ? Ids.next() : Ids.derived(at, runId.toString(), Integer.toString(seq));
        CloudEvent event = new CloudEvent(id, "urn:sluice:run:" + runId, PREFIX + type, null, at, data);
        return new RunEvent(seq, event.type(), event.envelope(), end);
    }
}
