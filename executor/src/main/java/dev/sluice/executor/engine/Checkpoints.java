package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.Task;
import dev.sluice.executor.definition.TaskBase;
import dev.sluice.executor.definition.TaskList;
import dev.sluice.executor.journal.Entry;
import dev.sluice.executor.journal.EntryKind;
import dev.sluice.executor.journal.RunJournal;
import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes and reads the checkpoints that replace the entries inside a composite task, an iteration, or the turns of a list
 * that jumps back, so that replay costs what is open and not what has been.
 */
final class Checkpoints {

    /** Fewer entries than this are as quick to replay as a checkpoint is to read. */
    private static final int WORTHWHILE = 2;

    /** Entries between two checkpoints of a loop, or of a list that jumps back. */
    private static final int ITERATION_EFFECTS = 8;

    private final RunJournal journal;

    Checkpoints(RunJournal journal) {
        this.journal = journal;
    }

    /** The outcome of a composite task that ended before. */
    Optional<Step> restore(Task task, Frame frame) {
        boolean composite = composite(task) || task instanceof Task.Deferred;
        return composite ? restore(task.base(), frame.at()) : Optional.empty();
    }

    /** The outcome of a list of tasks that ended before, at a position of its own. */
    Optional<Step> restore(TaskBase base, Position at) {
        return find(base, at);
    }

    /** Notes the outcome of a composite task when there is something inside that it replaces. */
    Mono<Step> note(Task task, Frame frame, State before, Step step) {
        if (task instanceof Task.ReadStream) {
            // What came may be something else the next time.
            return write(task.base(), frame.at(), step);
        }
        return composite(task) ? note(task.base(), frame.at(), before, step) : Mono.just(step);
    }

    /** Notes the outcome of a list of tasks when there is something inside that it replaces. */
    Mono<Step> note(TaskBase base, Position at, State before, Step step) {
        boolean worthwhile = step.state().effects() - before.effects() >= WORTHWHILE;
        return worthwhile ? write(base, at, step) : Mono.just(step);
    }

    /** The iteration a loop had reached, with its outcome. */
    Optional<Reached> reached(TaskBase base, Position loop) {
        OptionalInt index = journal.lastIteration(loop.path());
        return index.isEmpty()
                ? Optional.empty()
                : find(base, loop.iteration(index.getAsInt())).map(step -> new Reached(index.getAsInt(), step));
    }

    /** Whether a loop should note its next iteration, {@code effects} entries after the last that it noted. */
    static boolean due(int effects) {
        return effects >= ITERATION_EFFECTS;
    }

    /** Notes the outcome of an iteration, which replaces this and all former iterations. */
    Mono<Step> noteIteration(TaskBase base, Position iteration, Step step) {
        return write(base, iteration, step);
    }

    /** Where a list had come to when it last noted a jump back. */
    Optional<Cursor> reached(TaskList list, Position at) {
        OptionalInt turn = journal.lastTurn(at.path());
        return turn.isEmpty()
                ? Optional.empty()
                : find(first(list), at.turn(turn.getAsInt()), entry -> turned(list, turn.getAsInt(), entry));
    }

    /** Notes where a list goes on after a jump back, when there is enough in its former turns that this replaces. */
    Mono<Cursor> noteTurn(Cursor cursor, Position list) {
        State state = cursor.state();
        if (!due(state.effects() - cursor.noted())) {
            return Mono.just(cursor);
        }
        ObjectNode payload = payload(new Step(state, FlowDirective.CONTINUE)).put("index", cursor.index());
        TaskBase base = first(cursor.list());
        return journal.checkpoint(list.turn(cursor.turn()).path(), base.type(), base.placeHash(), payload)
                .thenReturn(Cursor.turned(cursor.list(), cursor.index(), cursor.turn(), state));
    }

    /** The iteration a loop had reached. */
    record Reached(int index, Step step) {}

    private Optional<Step> find(TaskBase base, Position at) {
        return find(base, at, Checkpoints::read);
    }

    private <T> Optional<T> find(TaskBase base, Position at, Function<Entry, T> reading) {
        return journal.find(at.path(), base.type(), base.placeHash())
                .filter(entry -> entry.kind() == EntryKind.CHECKPOINT)
                .map(reading);
    }

    /** A list has no place of its own: its first task's says that the document is the same. */
    private static TaskBase first(TaskList list) {
        return list.tasks().getFirst().base();
    }

    private static Cursor turned(TaskList list, int turn, Entry entry) {
        return Cursor.turned(
                list, entry.payload().path("index").asInt(), turn, read(entry).state());
    }

    private Mono<Step> write(TaskBase base, Position at, Step step) {
        return journal.checkpoint(at.path(), base.type(), base.placeHash(), payload(step))
                .thenReturn(step);
    }

    private static ObjectNode payload(Step step) {
        ObjectNode payload = Json.object();
        payload.set("output", step.state().data());
        payload.set("context", step.state().context());
        payload.put("then", text(step.then()));
        payload.put("clock", step.state().clock().toString());
        payload.put("effects", step.state().effects());
        if (!step.state().unresolved().keys().isEmpty()) {
            payload.set("unresolved", step.state().unresolved().toJson());
        }
        return payload;
    }

    private static Step read(Entry entry) {
        JsonNode payload = entry.payload();
        // Logical time as it was, not when the checkpoint was written: replay must see what the first run saw.
        State restored = new State(
                payload.path("output"),
                payload.path("context"),
                Instant.parse(payload.path("clock").asString()),
                payload.path("effects").asInt(),
                Unresolved.fromJson(payload.path("unresolved")));
        return new Step(restored, directive(payload.path("then").asString()), entry.seq());
    }

    private static String text(FlowDirective directive) {
        return switch (directive) {
            case FlowDirective.Continue on -> "continue";
            case FlowDirective.Exit exit -> "exit";
            case FlowDirective.End end -> "end";
            case FlowDirective.GoTo(String task) -> "=" + task;
        };
    }

    private static FlowDirective directive(String text) {
        return switch (text) {
            case "continue" -> FlowDirective.CONTINUE;
            case "exit" -> FlowDirective.EXIT;
            case "end" -> FlowDirective.END;
            default -> new FlowDirective.GoTo(text.substring(1));
        };
    }

    private static boolean composite(Task task) {
        return switch (task) {
            case Task.CallFunction call -> true;
            case Task.Do list -> true;
            case Task.For loop -> true;
            case Task.Fork fork -> true;
            case Task.Listen listen -> true;
            case Task.ReadStream stream -> true;
            case Task.Subscribe subscription -> true;
            case Task.Try attempt -> true;
            case Task.Set set -> false;
            case Task.Switch choice -> false;
            case Task.Raise raise -> false;
            case Task.Wait pause -> false;
            case Task.MakeCall call -> false;
            case Task.Emit emission -> false;
            case Task.Deferred deferred -> false;
            case Task.RunWorkflow subflow -> false;
        };
    }
}
