package dev.sluice.gateway.identity;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/** A key as it is listed: without its secret, which nobody has. */
record ApiKey(UUID id, String name, Instant createdAt) {

    ObjectNode json() {
        return Json.object().put("id", id.toString()).put("name", name).put("createdAt", createdAt.toString());
    }
}
