package dev.sluice.executor.journal;

import dev.sluice.shared.json.Json;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event that a run consumes. The transaction that commits its {@link EntryKind#HEARD} entry notes that the run has
 * consumed it, and ends the subscription if the run has heard enough.
 *
 * @param subscription by which the event was heard
 * @param event        its id in Sluice
 * @param position     of the filter it matches
 * @param value        what was read of it
 * @param keys         values that correlations took from it and that later events must have
 * @param last         whether the subscription ends with it
 */
public record Hearing(
        UUID subscription, UUID event, int position, JsonNode value, Map<String, JsonNode> keys, boolean last) {

    public Hearing {
        keys = Map.copyOf(keys);
    }

    /** The payload of its entry. */
    public JsonNode payload() {
        ObjectNode payload = Json.object();
        payload.put("subscription", subscription.toString());
        payload.put("event", event.toString());
        payload.put("position", position);
        payload.set("value", value);
        if (!keys.isEmpty()) {
            ObjectNode taken = payload.putObject("keys");
            new TreeMap<>(keys).forEach(taken::set);
        }
        if (last) {
            payload.put("last", true);
        }
        return payload;
    }

    /** Whether the subscription ends with the event of a payload; false when the payload was too large to be read. */
    public static boolean isLast(JsonNode payload) {
        return payload.path("last").asBoolean(false);
    }

    /** Reads {@link #payload}. */
    public static Hearing of(JsonNode payload) {
        Map<String, JsonNode> keys = new TreeMap<>();
        payload.path("keys").properties().forEach(key -> keys.put(key.getKey(), key.getValue()));
        return new Hearing(
                UUID.fromString(payload.path("subscription").asString()),
                UUID.fromString(payload.path("event").asString()),
                payload.path("position").asInt(),
                payload.path("value"),
                keys,
                isLast(payload));
    }
}
