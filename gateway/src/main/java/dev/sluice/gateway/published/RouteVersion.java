package dev.sluice.gateway.published;

import dev.sluice.gateway.request.Fields;
import dev.sluice.shared.json.Json;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One version of a route as it is stored.
 *
 * @param document as {@link RouteJson} writes it
 * @param secrets  its secret headers, encrypted; absent for none
 * @param active   whether requests go by it
 * @param purges   how often what was kept of its answers was thrown away
 */
record RouteVersion(
        UUID id,
        String name,
        int version,
        JsonNode document,
        @Nullable ByteBuffer secrets,
        String createdBy,
        Instant createdAt,
        boolean active,
        int purges) {

    /** What requests go by; a later version of this program may have written more than this one reads. */
    PublishedRoute route() {
        return RouteJson.read(new Fields(document))
                .orElseThrow(() -> new IllegalStateException("route " + id + " cannot be read"));
    }

    ObjectNode json() {
        ObjectNode json =
                Json.object().put("name", name).put("version", version).put("active", active);
        json.setAll((ObjectNode) document);
        return json.put("createdBy", createdBy).put("createdAt", createdAt.toString());
    }
}
