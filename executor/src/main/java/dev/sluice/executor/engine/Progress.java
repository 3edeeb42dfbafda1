package dev.sluice.executor.engine;

import dev.sluice.executor.definition.FlowDirective;
import dev.sluice.executor.definition.StreamCall;
import dev.sluice.executor.definition.Task;
import dev.sluice.shared.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/**
 * How far a stream is done: all elements before a place, none behind it.
 *
 * @param place     where it goes on
 * @param done      how many elements that are
 * @param collected their outputs, absent where they are not wanted; only ever added to
 * @param state     what they left: context, logical time, entries and calls
 */
record Progress(Streamer.Place place, int done, @Nullable ArrayNode collected, State state) {

    /** Nothing is done yet. */
    static Progress start(Task.ReadStream task, State state) {
        boolean wanted = task.collect() == StreamCall.Collect.ARRAY;
        return new Progress(Streamer.Place.START, 0, wanted ? Json.array() : null, state);
    }

    /** With one element more. */
    Progress after(Streamer.Place next, JsonNode output, State left) {
        if (collected != null) {
            collected.add(output);
        }
        return new Progress(next, done + 1, collected, left);
    }

    /** With the state of this, at the place of an earlier one of the same reading. */
    Progress back(Progress earlier) {
        return new Progress(
                earlier.place, earlier.done, collected == null ? null : first(collected, earlier.done), state);
    }

    private static ArrayNode first(ArrayNode all, int count) {
        ArrayNode fewer = Json.array();
        for (int i = 0; i < count; i++) {
            fewer.add(all.get(i));
        }
        return fewer;
    }

    Progress left(State now) {
        return new Progress(place, done, collected, now);
    }

    /** What becomes the task's output when this is all. */
    JsonNode output(StreamCall.Collect collect) {
        return switch (collect) {
            case NONE -> NullNode.getInstance();
            case COUNT -> JsonNodeFactory.instance.numberNode(done);
            case ARRAY -> collected == null ? Json.array() : collected;
        };
    }

    private State noted() {
        var noted = Json.object();
        noted.set("mark", place.mark());
        noted.put("record", place.record());
        noted.put("within", place.within());
        noted.put("done", done);
        if (collected != null) {
            noted.set("collected", Json.array().addAll(collected));
        }
        return state.withData(noted);
    }

    /** As a checkpoint takes it. */
    Step step() {
        return new Step(noted(), FlowDirective.CONTINUE);
    }

    /** Reads what {@link #step} gave a checkpoint. */
    static Progress of(State noted) {
        JsonNode data = noted.data();
        JsonNode collected = data.path("collected");
        return new Progress(
                new Streamer.Place(
                        data.path("mark"),
                        data.path("record").asLong(),
                        data.path("within").asInt()),
                data.path("done").asInt(),
                collected.isArray() ? Json.array().addAll((ArrayNode) collected) : null,
                noted);
    }
}
