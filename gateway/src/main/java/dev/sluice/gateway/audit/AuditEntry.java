package dev.sluice.gateway.audit;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An entry as it is in the chain.
 *
 * @param number  counts the organization's entries from one, without gaps
 * @param subject what was changed, or tried
 * @param denied  whether it was refused for want of a permission
 * @param detail  what else is worth knowing, never a secret
 * @param hash    SHA-256 over the former entry's hash and this entry
 */
@SuppressWarnings("ArrayRecordComponent") // read, shown and let go; never compared
record AuditEntry(
        long number,
        Instant at,
        String actor,
        String action,
        String subject,
        boolean denied,
        String requestId,
        String address,
        JsonNode detail,
        byte[] hash) {

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("number", number);
        json.put("at", at.toString());
        json.put("actor", actor);
        json.put("action", action);
        json.put("subject", subject);
        json.put("outcome", denied ? "denied" : "done");
        json.put("requestId", requestId);
        json.put("address", address);
        json.set("detail", detail);
        json.put("hash", HexFormat.of().formatHex(hash));
        return json;
    }
}
