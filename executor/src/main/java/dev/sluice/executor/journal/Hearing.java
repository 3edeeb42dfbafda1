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
 * @param resolved     what all its correlations came to, once it has ended
 */
public record Hearing(
        UUID subscription,
        UUID event,
        int position,
        JsonNode value,
        Map<String, JsonNode> keys,
        boolean last,
        Map<String, JsonNode> resolved) {

    public Hearing {
        keys = Map.copyOf(keys);
        resolved = Map.copyOf(resolved);
    }

    /** The same as the last of its subscription, whose former events and the task had fixed some correlations. */
    public Hearing last(Map<String, JsonNode> former) {
        Map<String, JsonNode> all = new TreeMap<>(former);
        all.putAll(keys);
        return new Hearing(subscription, event, position, value, keys, true, all);
    }

    /** The payload of its entry. */
    public JsonNode payload() {
        ObjectNode payload = Json.object();
        payload.put("subscription", subscription.toString());
        payload.put("event", event.toString());
        payload.put("position", position);
        payload.set("value", value);
        put(payload, "keys", keys);
        put(payload, "resolved", resolved);
        if (last) {
            payload.put("last", true);
        }
        return payload;
    }

    private static void put(ObjectNode payload, String name, Map<String, JsonNode> values) {
        if (!values.isEmpty()) {
            ObjectNode map = payload.putObject(name);
            new TreeMap<>(values).forEach(map::set);
        }
    }

    /** What the correlations of a subscription came to that ends with the event of a payload. */
    public static Map<String, JsonNode> resolved(JsonNode payload) {
        return map(payload, "resolved");
    }

    private static Map<String, JsonNode> map(JsonNode payload, String name) {
        Map<String, JsonNode> values = new TreeMap<>();
        payload.path(name).properties().forEach(value -> values.put(value.getKey(), value.getValue()));
        return values;
    }

    /** Whether the subscription ends with the event of a payload; false when the payload was too large to be read. */
    public static boolean isLast(JsonNode payload) {
        return payload.path("last").asBoolean(false);
    }

    /** Reads {@link #payload}. */
    public static Hearing of(JsonNode payload) {
        return new Hearing(
                UUID.fromString(payload.path("subscription").asString()),
                UUID.fromString(payload.path("event").asString()),
                payload.path("position").asInt(),
                payload.path("value"),
                map(payload, "keys"),
                isLast(payload),
                resolved(payload));
    }
}
