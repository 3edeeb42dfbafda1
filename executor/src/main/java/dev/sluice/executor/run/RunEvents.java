package dev.sluice.executor.run;

import dev.sluice.executor.definition.LifecycleTypes;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.Workflow;
import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.executor.journal.Emission;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.Hearing;
import dev.sluice.executor.journal.LeftTasks;
import dev.sluice.executor.journal.Receipt;
import dev.sluice.executor.journal.Spoiled;
import dev.sluice.shared.event.CloudEvent;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

    static final String COMPLETED = LifecycleTypes.ofTask("completed");

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

    /**
     * Where and when something happened.
     *
     * @param path in the run's execution; empty for what happened to the run as a whole
     * @param at   logical time
     * @param seq  of the journal's entry that says so, absent when none does
     */
    record Point(String path, Instant at, @Nullable Integer seq) {

        static Point of(Entry entry) {
            return new Point(entry.path(), entry.at(), entry.seq());
        }
    }

    RunEvent started(Instant at) {
        ObjectNode data = named("name");
        ObjectNode definition = data.putObject("definition");
        definition.put("namespace", name.namespace());
        definition.put("name", name.name());
        definition.put("version", name.version());
        data.put("startedAt", at.toString());
        return event(LifecycleTypes.ofWorkflow("started"), data, new Point("", at, 0), null);
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
        return event(LifecycleTypes.ofWorkflow(verb), data, new Point("", end.at(), end.seq()), end);
    }

    /** That a task was made, and begins. */
    List<RunEvent> taskStarted(TaskBase task, Point point) {
        return List.of(before("created", task.reference(), point, 0), task("started", task.reference(), point));
    }

    RunEvent taskCompleted(TaskBase task, Point point) {
        return task("completed", task.reference(), point);
    }

    RunEvent taskFaulted(TaskBase task, JsonNode error, Point point) {
        return task("faulted", task.reference(), error, point);
    }

    RunEvent taskRetried(TaskBase task, Point point) {
        return task("retried", task.reference(), point);
    }

    /** Tasks that end with their run, whose end follows. */
    List<RunEvent> tasksCancelled(List<String> references, RunEnd end) {
        return tasks("cancelled", references, new Point("", end.at(), end.seq()));
    }

    /** That the run has heard all that a task listens for, whose end follows. */
    RunEvent correlated(Map<String, JsonNode> keys, Point point) {
        ObjectNode data = named("name").put("completedAt", point.at().toString());
        if (!keys.isEmpty()) {
            ObjectNode resolved = data.putObject("correlationKeys");
            new TreeMap<>(keys).forEach(resolved::set);
        }
        return before(LifecycleTypes.ofWorkflow("correlation-completed"), data, point, 0);
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
            case CHECKPOINT -> Spoiled.isOne(entry) ? spoiled(entry) : List.of();
            case BEGUN -> List.of();
        };
    }

    /**
     * The same, but that a task completed of which another entry says that it failed after all.
     *
     * @param spoiled the paths of such tasks
     */
    List<RunEvent> of(Entry entry, Set<String> spoiled) {
        return spoiled.contains(Spoiled.task(entry))
                ? of(entry).stream()
                        .filter(event -> !event.type().equals(COMPLETED))
                        .toList()
                : of(entry);
    }

    /** Whether an entry says that a task ended well which may fail after all. */
    boolean mayBeSpoiled(Entry entry) {
        boolean outcome = entry.kind() == EntryKind.COMPLETED
                || entry.kind() == EntryKind.EMITTED
                || entry.kind() == EntryKind.HEARD;
        TaskBase task = outcome ? places().get(entry.placeHash()) : null;
        return task != null && !(task.output().isNone() && task.export().isNone());
    }

    /** As it was told when it happened. */
    private List<RunEvent> spoiled(Entry entry) {
        TaskBase task = places().get(entry.placeHash());
        if (task == null) {
            return List.of();
        }
        Spoiled spoiled = Spoiled.of(entry.payload());
        RunEvent told = taskFaulted(task, spoiled.error(), new Point(Spoiled.task(entry), spoiled.at(), null));
        return List.of(told.in(entry.seq()));
    }

    private List<RunEvent> of(Entry entry, TaskBase task) {
        return switch (entry.kind()) {
            case COMPLETED, EMITTED -> List.of(taskCompleted(task, Point.of(entry)));
            case FAILED -> failed(task, entry);
            case RETRY -> List.of(taskRetried(task, Point.of(entry)));
            case WAITING -> taskStarted(task, Point.of(entry));
            case LISTENING -> listening(task, entry);
            case HEARD -> heard(task, entry);
            case CHECKPOINT, BEGUN, DECIDED, SUSPENDED, RESUMED, REOPENED ->
                throw new IllegalStateException("No task tells of " + entry.kind());
        };
    }

    /** With it end the tasks of a stream's other elements. */
    private List<RunEvent> failed(TaskBase task, Entry entry) {
        List<RunEvent> told = tasks("cancelled", LeftTasks.of(entry.payload()), Point.of(entry));
        told.add(taskFaulted(task, entry.payload().path("error"), Point.of(entry)));
        return told;
    }

    private List<RunEvent> listening(TaskBase task, Entry entry) {
        ObjectNode data = named("name").put("startedAt", entry.at().toString());
        return List.of(
                before("created", task.reference(), Point.of(entry), 0),
                before(LifecycleTypes.ofWorkflow("correlation-started"), data, Point.of(entry), 0),
                task("started", task.reference(), Point.of(entry)));
    }

    private List<RunEvent> heard(TaskBase task, Entry entry) {
        return Hearing.isLast(entry.payload())
                ? List.of(
                        correlated(Hearing.resolved(entry.payload()), Point.of(entry)),
                        taskCompleted(task, Point.of(entry)))
                : List.of();
    }

    /** The tasks of branches that do not matter any more. */
    private List<RunEvent> decided(Entry entry) {
        List<String> references = LeftTasks.of(entry.payload());
        if (references.isEmpty()) {
            return List.of();
        }
        List<String> others = references.subList(0, references.size() - 1);
        List<RunEvent> told = tasks("cancelled", others, Point.of(entry));
        told.add(task("cancelled", references.getLast(), Point.of(entry)));
        return told;
    }

    private List<RunEvent> resting(String verb, Entry entry) {
        List<RunEvent> told = tasks(verb, LeftTasks.of(entry.payload()), Point.of(entry));
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
        return event(type, data, Point.of(entry), null);
    }

    /**
     * The change of status that an event tells (DSL, "Status Phases"), for those who only want to know that; null when it tells
     * none.
     */
    @Nullable
    RunEvent statusChanged(RunEvent event) {
        String status = status(event.type());
        if (status == null) {
            return null;
        }
        JsonNode told = event.envelope();
        Instant at = Instant.parse(told.path("time").asString());
        boolean ofTask = told.path("data").has("task");
        ObjectNode data = named(ofTask ? "workflow" : "name");
        if (ofTask) {
            data.set("task", told.path("data").path("task"));
        }
        data.put("updatedAt", at.toString()).put("status", status);
        String type = LifecycleTypes.statusChanged(event.type());
        UUID id = Ids.derived(at, told.path("id").asString(), type);
        return new RunEvent(event.seq(), type, envelope(id, type, at, data), null);
    }

    private static @Nullable String status(String type) {
        String verb = LifecycleTypes.verb(type);
        return switch (verb) {
            case "created" -> "pending";
            case "started", "resumed", "correlation-completed" -> "running";
            case "correlation-started" -> "waiting";
            case "suspended", "cancelled", "faulted", "completed" -> verb;
            default -> null;
        };
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
    private List<RunEvent> tasks(String verb, List<String> references, Point point) {
        List<RunEvent> told = new ArrayList<>();
        for (String reference : references) {
            told.add(before(verb, reference, point, told.size()));
        }
        return told;
    }

    private RunEvent before(String verb, String reference, Point point, int index) {
        return before(LifecycleTypes.ofTask(verb), told(verb, reference, point.at()), point, index);
    }

    private RunEvent task(String verb, String reference, Point point) {
        return event(LifecycleTypes.ofTask(verb), told(verb, reference, point.at()), point, null);
    }

    private RunEvent task(String verb, String reference, JsonNode error, Point point) {
        ObjectNode data = told(verb, reference, point.at());
        data.set("error", error);
        return event(LifecycleTypes.ofTask(verb), data, point, null);
    }

    private ObjectNode told(String verb, String reference, Instant at) {
        return named("workflow").put("task", reference).put(verb + "At", at.toString());
    }

    private ObjectNode named(String property) {
        return Json.object().put(property, name.name() + "-" + runId + "." + name.namespace());
    }

    private RunEvent event(String type, ObjectNode data, Point point, @Nullable RunEnd end) {
        Integer seq = point.seq();
        UUID id = seq == null ? id(point, type) : Ids.derived(point.at(), runId.toString(), Integer.toString(seq));
        return new RunEvent(seq, type, envelope(id, type, point.at(), data), end);
    }

    /** One of a position that another event has which follows it; such events differ by their type, or their number. */
    private RunEvent before(String type, ObjectNode data, Point point, int index) {
        Integer seq = point.seq();
        UUID id = seq == null
                ? id(point, type)
                : Ids.derived(point.at(), runId.toString(), Integer.toString(seq), type, Integer.toString(index));
        return new RunEvent(seq, type, envelope(id, type, point.at(), data), null).preceding();
    }

    /** What is in no journal happens again, in the same place at the same logical time, when the run is taken up again. */
    private UUID id(Point point, String type) {
        return Ids.derived(point.at(), runId.toString(), point.path(), type);
    }

    private ObjectNode envelope(UUID id, String type, Instant at, ObjectNode data) {
        return new CloudEvent(id, LifecycleTypes.SOURCE + runId, type, null, at, data).envelope();
    }
}
