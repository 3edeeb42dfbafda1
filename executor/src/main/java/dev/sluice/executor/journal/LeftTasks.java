package dev.sluice.executor.journal;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Which tasks an entry found under way: those a fork's decision cancelled, or those a suspension has rest. */
public final class LeftTasks {

    private static final String LEFT = "left";

    private LeftTasks() {}

    /** Says so in an entry's payload; nothing when there are none. */
    public static void put(List<String> references, ObjectNode payload) {
        if (!references.isEmpty()) {
            ArrayNode left = payload.putArray(LEFT);
            references.forEach(left::add);
        }
    }

    /** Their references; none when the payload was too large to be read. */
    public static List<String> of(JsonNode payload) {
        return payload.path(LEFT).valueStream().map(JsonNode::asString).toList();
    }
}
