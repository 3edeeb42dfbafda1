package dev.sluice.executor.journal;

import dev.sluice.shared.json.Json;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event that a run emits, or that tells of the run itself. It is stored in the transaction that commits its entry; one
 * that tells of the run only if somebody listens for it.
 *
 * @param id    in Sluice, which the event's own may differ from
 * @param depth what counts as its run's depth; absent for how many runs before that started one another
 * @param event its envelope (CloudEvents 1.0.2, structured JSON)
 */
public record Emission(UUID id, @Nullable Integer depth, JsonNode event) {

    /** The payload of an entry for an event. */
    public static ObjectNode payload(UUID id, JsonNode event) {
        ObjectNode payload = Json.object().put("id", id.toString());
        payload.set("event", event);
        return payload;
    }

    /** The payload of an entry for an event whose run counts as being of some depth. */
    public static ObjectNode payload(UUID id, int depth, JsonNode event) {
        return payload(id, event).put("depth", depth);
    }

    /** The event of a payload. */
    public static JsonNode event(JsonNode payload) {
        return payload.path("event");
    }

    /** Whether an entry has an event; those about the run as a whole have none where nobody could be told. */
    static boolean isOf(Entry entry) {
        return entry.kind() == EntryKind.EMITTED
                || (entry.kind().ofRun() && event(entry.payload()).isObject());
    }

    static Emission of(JsonNode payload) {
        Integer depth = payload.has("depth") ? payload.path("depth").asInt() : null;
        return new Emission(UUID.fromString(payload.path("id").asString()), depth, event(payload));
    }
}
