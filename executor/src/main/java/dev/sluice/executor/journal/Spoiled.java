package dev.sluice.executor.journal;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a task did is in the journal, and what was to be made of it, its {@code output} or {@code export}, failed: so the task did, which
 * its entry does not say. A checkpoint beside that entry does, which replaces nothing, for those who read of it later.
 *
 * @param error what it failed with
 * @param at    when, in logical time
 */
public record Spoiled(JsonNode error, Instant at) {

    private static final String MARK = "/z";

    /** The path of the checkpoint for a task's. */
    public static String place(String task) {
        return task + MARK;
    }

    /** Whether an entry is one. */
    public static boolean isOne(Entry entry) {
        return entry.kind() == EntryKind.CHECKPOINT && entry.path().endsWith(MARK);
    }

    /** The path of the task that an entry is about, its last event or message included. */
    public static String task(Entry entry) {
        String path = entry.path();
        boolean inside = isOne(entry) || entry.kind() == EntryKind.HEARD || Receipt.isOne(entry);
        return inside ? path.substring(0, Math.max(0, path.lastIndexOf('/'))) : path;
    }

    /** The payload of its checkpoint. */
    public JsonNode payload() {
        ObjectNode payload = Json.object();
        payload.set("error", error);
        return payload.put("at", at.toString());
    }

    /** Reads {@link #payload}. */
    public static Spoiled of(JsonNode payload) {
        return new Spoiled(
                payload.path("error"), Instant.parse(payload.path("at").asString()));
    }
}
