package dev.sluice.executor.journal;

import dev.sluice.shared.json.Json;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A message that a run consumes from a channel: the payload of a {@link EntryKind#COMPLETED} entry at the place of an event.
 *
 * @param message what the workflow sees of it
 * @param id      by which its channel goes on after it, absent where there is none
 * @param last    whether nothing is consumed after it, as far as that is known when it comes
 */
public record Receipt(JsonNode message, @Nullable String id, boolean last) {

    private static final Pattern PLACE = Pattern.compile("(?:.*/)?e[0-9]+");
    private static final String LAST = "last";

    /** The payload of its entry. */
    public JsonNode payload() {
        ObjectNode payload = Json.object();
        payload.set("message", message);
        if (id != null) {
            payload.put("id", id);
        }
        if (last) {
            payload.put(LAST, true);
        }
        return payload;
    }

    /** Whether an entry is one of a message, rather than of a task's end. */
    public static boolean isOne(EntryKind kind, String path) {
        return kind == EntryKind.COMPLETED && PLACE.matcher(path).matches();
    }

    /** Whether an entry is one of a message, rather than of a task's end. */
    public static boolean isOne(Entry entry) {
        return isOne(entry.kind(), entry.path());
    }

    /** Whether nothing comes after the message of a payload; false when the payload was too large to be read. */
    public static boolean isLast(JsonNode payload) {
        return payload.path(LAST).asBoolean(false);
    }

    /** Reads {@link #payload}. */
    public static Receipt of(JsonNode payload) {
        JsonNode id = payload.path("id");
        return new Receipt(payload.path("message"), id.isString() ? id.stringValue() : null, isLast(payload));
    }
}
