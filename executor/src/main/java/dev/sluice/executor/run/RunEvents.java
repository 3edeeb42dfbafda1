package dev.sluice.executor.run;

import dev.sluice.executor.definition.LifecycleTypes;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.executor.journal.LeftTasks;
import dev.sluice.executor.journal.Receipt;
import dev.sluice.shared.event.CloudEvent;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the lifecycle events of one run (DSL reference, "Lifecycle Events"), live or from what is stored. Of several that
 * one entry tells, the last has its number.
 */
final class RunEvents {

    /** An output that has more is where {@code outputUri} says, so that an event stays below 64 KiB (CloudEvents, "Size Limits"). */
    static final int MOST_OUTPUT = 48 * 1024;

    private static final String TASK = LifecycleTypes.PREFIX + "task.";

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
        return event(LifecycleTypes.ofWorkflow("started"), at, data, 0, null);
    }

    /** With the output itself, which is no property of the specification's, unless it is large. */
    RunEvent ended(RunEnd end) {
        JsonNode output = end.output();
        boolean small = output != null && EncodedJson.of(output).size() <= MOST_OUTPUT;
        return ended(end, small ? output : null);
    }

    /** How a run ended with what the specification lists alone. */
    RunEvent endedWithoutOutput(RunEnd end) {
        return ended(end, null);
    }

    private RunEvent ended(RunEnd end, @Nullable JsonNode output) {
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
            data.put("outputUri", "/v1/runs/" + runId);
        }
        if (output != null) {
            data.set("output", output);
        }
        if (end.error() != null) {
            data.set("error", end.error());
        }
        return event(LifecycleTypes.ofWorkflow(verb), end.at(), data, end.seq(), end);
    }

    /** That a task was made, and begins. */
    List<RunEvent> taskStarted(TaskBase task, Instant at, @Nullable Integer seq) {
        return List.of(before("created", task.reference(), at, seq, 0), task("started", task.reference(), at, seq));
    }

    RunEvent taskCompleted(TaskBase task, Instant at, @Nullable Integer seq) {
        return task("completed", task.reference(), at, seq);
    }

    RunEvent taskFaulted(TaskBase task, Instant at, JsonNode error, @Nullable Integer seq) {
        return task("faulted", task.reference(), at, error, seq);
    }

    RunEvent taskRetried(TaskBase task, Instant at, int seq) {
        return task("retried", task.reference(), at, seq);
    }

    /** Tasks that end with their run, whose end follows. */
    List<RunEvent> tasksCancelled(List<String> references, RunEnd end) {
        return tasks("cancelled", references, end.at(), end.seq());
    }

    /** That the run has heard all that a task listens for, whose end follows. */
    RunEvent correlated(Instant at, Map<String, JsonNode> keys, @Nullable Integer seq) {
        ObjectNode data = named("name").put("completedAt", at.toString());
        if (!keys.isEmpty()) {
            ObjectNode resolved = data.putObject("correlationKeys");
            new TreeMap<>(keys).forEach(resolved::set);
        }
        return before(LifecycleTypes.ofWorkflow("correlation-completed"), at, data, seq, 0);
    }

    /**
     * The payload of an entry about the run as a whole, by which others may be told of it: its event.
     *
     * @param depth what counts as the run's
     */
    ObjectNode telling(String verb, Instant at, int depth) {
        UUID id = Ids.next();
        ObjectNode data = named("name").put(verb + "At", at.toString());
        return Emission.payload(id, depth, envelope(id, LifecycleTypes.ofWorkflow(verb), at, data));
    }

    /** What a journal entry tells watchers, in order; nothing for entries that only the engine needs. */
    List<RunEvent> of(Entry entry) {
        if (Receipt.isOne(entry) && !Receipt.isLast(entry.payload())) {
            return List.of();
        }
        return switch (entry.kind()) {
            case COMPLETED, FAILED, RETRY, WAITING, EMITTED, LISTENING, HEARD -> {
                TaskBase task = places().get(entry.placeHash());
                yield task == null ? List.of() : of(entry, task);
            }
            case SUSPENDED -> resting("suspended", entry);
            case RESUMED -> resting("resumed", entry);
            case REOPENED -> List.of(former(entry), run("resumed", entry));
            case DECIDED -> decided(entry);
            case CHECKPOINT, BEGUN -> List.of();
        };
    }

    private List<RunEvent> of(Entry entry, TaskBase task) {
        return switch (entry.kind()) {
            case COMPLETED, EMITTED -> List.of(taskCompleted(task, entry.at(), entry.seq()));
            case FAILED -> failed(task, entry);
            case RETRY -> List.of(taskRetried(task, entry.at(), entry.seq()));
            case WAITING -> taskStarted(task, entry.at(), entry.seq());
            case LISTENING -> listening(task, entry);
            case HEARD -> heard(task, entry);
            case CHECKPOINT, BEGUN, DECIDED, SUSPENDED, RESUMED, REOPENED ->
                throw new IllegalStateException("No task tells of " + entry.kind());
        };
    }

    /** With it end the tasks of a stream's other elements. */
    private List<RunEvent> failed(TaskBase task, Entry entry) {
        List<RunEvent> told = tasks("cancelled", LeftTasks.of(entry.payload()), entry.at(), entry.seq());
        told.add(taskFaulted(task, entry.at(), entry.payload().path("error"), entry.seq()));
        return told;
    }

    private List<RunEvent> listening(TaskBase task, Entry entry) {
        ObjectNode data = named("name").put("startedAt", entry.at().toString());
        return List.of(
                before("created", task.reference(), entry.at(), entry.seq(), 0),
                before(LifecycleTypes.ofWorkflow("correlation-started"), entry.at(), data, entry.seq(), 0),
                task("started", task.reference(), entry.at(), entry.seq()));
    }

    private List<RunEvent> heard(TaskBase task, Entry entry) {
        return Hearing.isLast(entry.payload())
                ? List.of(
                        correlated(entry.at(), Hearing.resolved(entry.payload()), entry.seq()),
                        taskCompleted(task, entry.at(), entry.seq()))
                : List.of();
    }

    /** The tasks of branches that do not matter any more. */
    private List<RunEvent> decided(Entry entry) {
        List<String> references = LeftTasks.of(entry.payload());
        if (references.isEmpty()) {
            return List.of();
        }
        List<String> others = references.subList(0, references.size() - 1);
        List<RunEvent> told = tasks("cancelled", others, entry.at(), entry.seq());
        told.add(task("cancelled", references.getLast(), entry.at(), entry.seq()));
        return told;
    }

    private List<RunEvent> resting(String verb, Entry entry) {
        List<RunEvent> told = tasks(verb, LeftTasks.of(entry.payload()), entry.at(), entry.seq());
        told.add(run(verb, entry));
        return told;
    }

    /** The end that was none, for who has not heard of it; the stream goes on. */
    private RunEvent former(Entry entry) {
        return ended(Reopened.former(entry.payload())).followed();
    }

    /** The event that the entry has, if it has one: those who listen for it hear the same. */
    private RunEvent run(String verb, Entry entry) {
        String type = LifecycleTypes.ofWorkflow(verb);
        JsonNode stored = Emission.event(entry.payload());
        if (stored.isObject()) {
            return new RunEvent(entry.seq(), type, stored, null);
        }
        ObjectNode data = named("name").put(verb + "At", entry.at().toString());
        return event(type, entry.at(), data, entry.seq(), null);
    }

    private Map<Integer, TaskBase> places() {
        Map<Integer, TaskBase> known = places;
        if (known == null) {
            known = Places.of(workflow);
            places = known;
        }
        return known;
    }

    /** Of a position that another event has which follows them. */
    private List<RunEvent> tasks(String verb, List<String> references, Instant at, int seq) {
        List<RunEvent> told = new ArrayList<>();
        for (String reference : references) {
            told.add(before(verb, reference, at, seq, told.size()));
        }
        return told;
    }

    private RunEvent before(String verb, String reference, Instant at, @Nullable Integer seq, int index) {
        return before(TASK + verb + ".v1", at, told(verb, reference, at), seq, index);
    }

    private RunEvent task(String verb, String reference, Instant at, @Nullable Integer seq) {
        return task(verb, reference, at, null, seq);
    }

    private RunEvent task(String verb, String reference, Instant at, @Nullable JsonNode error, @Nullable Integer seq) {
        ObjectNode data = told(verb, reference, at);
        if (error != null) {
            data.set("error", error);
        }
        return event(TASK + verb + ".v1", at, data, seq, null);
    }

    private ObjectNode told(String verb, String reference, Instant at) {
        return named("workflow").put("task", reference).put(verb + "At", at.toString());
    }

    private ObjectNode named(String property) {
        return Json.object().put(property, name.name() + "-" + runId + "." + name.namespace());
    }

    private RunEvent event(String type, Instant at, ObjectNode data, @Nullable Integer seq, @Nullable RunEnd end) {
        UUID id = seq == null ? Ids.next() : Ids.derived(at, runId.toString(), Integer.toString(seq));
        return new RunEvent(seq, type, envelope(id, type, at, data), end);
    }

    /** One of a position that another event has which follows it; such events differ by their type, or their number. */
    private RunEvent before(String type, Instant at, ObjectNode data, @Nullable Integer seq, int index) {
        UUID id = seq == null
                ? Ids.next()
                : Ids.derived(at, runId.toString(), Integer.toString(seq), type, Integer.toString(index));
        return new RunEvent(seq, type, envelope(id, type, at, data), null).preceding();
    }

    private ObjectNode envelope(UUID id, String type, Instant at, ObjectNode data) {
        return new CloudEvent(id, LifecycleTypes.SOURCE + runId, type, null, at, data).envelope();
    }
}
