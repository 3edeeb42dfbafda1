package dev.sluice.executor.journal;

import dev.sluice.shared.json.Json;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * An event that a run emits. It is stored in the transaction that commits its {@link EntryKind#EMITTED} entry.
 *
 * @param id    in Sluice, which the event's own may differ from
 * @param event its envelope (CloudEvents 1.0.2, structured JSON)
 */
public record Emission(UUID id, JsonNode event) {

    /** The payload of an entry for an event. */
    public static JsonNode payload(UUID id, JsonNode event) {
        return Json.object().put("id", id.toString()).set("event", event);
    }

    /** The event of a payload. */
    public static JsonNode event(JsonNode payload) {
        return payload.path("event");
    }

    static Emission of(JsonNode payload) {
        return new Emission(UUID.fromString(payload.path("id").asString()), event(payload));
    }
}
