package dev.sluice.gateway.identity;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tenant.
 *
 * @param parent the organization it belongs to; absent at the top
 * @param depth  how many organizations are above it, up to {@value #MAX_DEPTH}
 */
record Organization(
        OrganizationId id, String name, @Nullable OrganizationId parent, int depth, Instant createdAt) {

    static final int MAX_DEPTH = 4;

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.toString());
        json.put("name", name);
        json.put("parent", parent == null ? null : parent.toString());
        json.put("createdAt", createdAt.toString());
        return json;
    }
}
