package dev.sluice.gateway.session;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * A person who has logged in somewhere, and acts in one of their organizations.
 *
 * @param agent   what the client called itself, as far as it fits
 * @param address of the client that logged in
 * @param seenAt  to within some seconds
 */
public record Session(
        UUID id,
        UUID person,
        OrganizationId organization,
        String agent,
        String address,
        Instant createdAt,
        Instant seenAt,
        Instant expiresAt) {

    /** As it is shown to the person. */
    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.toString());
        json.put("organization", organization.toString());
        json.put("agent", agent);
        json.put("address", address);
        json.put("createdAt", createdAt.toString());
        json.put("seenAt", seenAt.toString());
        json.put("expiresAt", expiresAt.toString());
        return json;
    }
}
