package dev.sluice.executor.dispatch;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * An event whose hand-over was given up.
 *
 * @param tries how often it was handed over again
 */
record DeadEvent(UUID eventId, String reason, int tries, Instant at) {

    ObjectNode toJson() {
        ObjectNode node = Json.object();
        node.put("eventId", eventId.toString());
        node.put("reason", reason);
        node.put("tries", tries);
        node.put("at", at.toString());
        return node;
    }
}
