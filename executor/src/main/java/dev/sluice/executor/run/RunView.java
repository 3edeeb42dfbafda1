package dev.sluice.executor.run;

import dev.sluice.executor.definition.WorkflowName;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run as callers see it.
 *
 * @param priority   urgency among the runs of its organization, 0 first; absent when it has ended
 * @param eventId    the event that started it, or completed those that did
 * @param eventIds   all events that started it together, in the order of its input; empty when it was one
 * @param parentId   the run that started it
 * @param suspension why it is suspended; absent when it is not
 */
record RunView(
        UUID id,
        WorkflowName workflow,
        RunStatus status,
        @Nullable Integer priority,
        @Nullable Suspension suspension,
        @Nullable UUID eventId,
        List<UUID> eventIds,
        @Nullable Instant scheduledAt,
        @Nullable UUID parentId,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable JsonNode input,
        @Nullable JsonNode output,
        @Nullable JsonNode error) {

    /** Path of the run in the public API. */
    String location() {
        return "/v1/runs/" + id;
    }

    /** What there is to see of it. */
    ObjectNode toJson(Masking masking) {
        ObjectNode node = Json.object();
        node.put("id", id.toString());
        ObjectNode name = node.putObject("workflow");
        name.put("namespace", workflow.namespace());
        name.put("name", workflow.name());
        name.put("version", workflow.version());
        node.put("status", status.text());
        if (priority != null) {
            node.put("priority", priority);
        }
        set(node, "suspension", suspension == null ? null : suspension.toJson());
        ObjectNode trigger = node.putObject("trigger");
        trigger.put("kind", kind());
        if (eventId != null) {
            trigger.put("eventId", eventId.toString());
        }
        if (!eventIds.isEmpty()) {
            ArrayNode all = trigger.putArray("eventIds");
            eventIds.forEach(id -> all.add(id.toString()));
        }
        if (parentId != null) {
            trigger.put("runId", parentId.toString());
        }
        put(trigger, "at", scheduledAt);
        node.put("createdAt", createdAt.toString());
        put(node, "startedAt", startedAt);
        put(node, "finishedAt", finishedAt);
        set(node, "input", input == null ? null : masking.shown("input", input));
        set(node, "output", output == null ? null : masking.shown("output", output));
        set(node, "error", error == null ? null : masking.shown("error", error));
        return node;
    }

    private String kind() {
        if (eventId != null) {
            return "event";
        }
        if (parentId != null) {
            return "run";
        }
        return scheduledAt != null ? "schedule" : "api";
    }

    private static void put(ObjectNode node, String name, @Nullable Instant value) {
        if (value != null) {
            node.put(name, value.toString());
        }
    }

    private static void set(ObjectNode node, String name, @Nullable JsonNode value) {
        if (value != null) {
            node.set(name, value);
        }
    }
}
