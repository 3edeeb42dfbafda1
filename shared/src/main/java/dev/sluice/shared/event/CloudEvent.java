package dev.sluice.shared.event;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A CloudEvent (CloudEvents 1.0.2) whose data is JSON.
 *
 * @param id      unique; a version 7 UUID in Sluice
 * @param source  context the event happened in, a URI reference
 * @param type    kind of occurrence
 * @param subject what in the source it is about, where there is such a thing
 * @param time    when Sluice took it in
 * @param data    the payload, JSON null when there is none
 */
public record CloudEvent(
        UUID id, String source, String type, @Nullable String subject, Instant time, JsonNode data) {

    /** The specification version of the envelope. */
    public static final String SPEC_VERSION = "1.0";

    /** The structured JSON form. */
    public ObjectNode envelope() {
        ObjectNode envelope = Json.object();
        envelope.put("specversion", SPEC_VERSION);
        envelope.put("id", id.toString());
        envelope.put("source", source);
        envelope.put("type", type);
        if (subject != null) {
            envelope.put("subject", subject);
        }
        envelope.put("time", time.toString());
        envelope.put("datacontenttype", "application/json");
        envelope.set("data", data);
        return envelope;
    }
}
