package dev.sluice.gateway.deletion;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * The end of an organization that somebody asked for.
 *
 * @param dueAt until then it may be called off
 * @param phase how far it is, such as {@code waiting}
 */
record Deletion(
        OrganizationId organization,
        String name,
        String requestedBy,
        Instant requestedAt,
        Instant dueAt,
        String phase) {

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("organization", organization.toString());
        json.put("name", name);
        json.put("requestedBy", requestedBy);
        json.put("requestedAt", requestedAt.toString());
        json.put("dueAt", dueAt.toString());
        json.put("phase", phase);
        return json;
    }
}
