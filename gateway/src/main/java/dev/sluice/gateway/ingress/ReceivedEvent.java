package dev.sluice.gateway.ingress;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.masking.Masking;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A stored event as it is shown. */
record ReceivedEvent(
        UUID id,
        UUID endpoint,
        String source,
        String type,
        @Nullable String subject,
        Instant time,
        ByteBuffer data) {

    /** Everything but the data, for lists. */
    ObjectNode summary() {
        ObjectNode json = Json.object();
        json.put("id", id.toString());
        json.put("endpointId", endpoint.toString());
        json.put("type", type);
        json.put("source", source);
        if (subject != null) {
            json.put("subject", subject);
        }
        json.put("time", time.toString());
        return json;
    }

    /** With what there is to see of the data. */
    ObjectNode json(Masking masking) {
        byte[] bytes = new byte[data.remaining()];
        data.duplicate().get(bytes);
        ObjectNode json = summary();
        JsonNode shown = masking.shown("data", Json.trusted(bytes));
        if (shown != null) {
            json.set("data", shown);
        }
        return json;
    }
}
