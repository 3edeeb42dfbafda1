package dev.sluice.gateway.key;

import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Permission;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.Principal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A key as it is listed: without its secret, which nobody has.
 *
 * @param scope      whether it may create organizations that belong to no other
 * @param expiresAt  from then on it is good for nothing; absent for never
 * @param lastUsedAt to within some seconds; absent while it was not used
 * @param revokedAt  since then it is good for nothing; absent while it is
 * @param replacedBy the key that a rotation made in its place
 */
public record ApiKey(
        UUID id,
        String name,
        Principal.Scope scope,
        Grant grant,
        Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant lastUsedAt,
        @Nullable Instant revokedAt,
        @Nullable UUID replacedBy) {

    /** A key that was not used yet. */
    static ApiKey fresh(
            UUID id, String name, Principal.Scope scope, Grant grant, Instant now, @Nullable Instant expiresAt) {
        return new ApiKey(id, name, scope, grant, now, expiresAt, null, null, null);
    }

    /** As it is shown. */
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.toString());
        json.put("name", name);
        if (grant.role() != null) {
            json.put("role", grant.role().id());
        }
        ArrayNode permissions = json.putArray("permissions");
        grant.permissions().stream().map(Permission::id).forEach(permissions::add);
        json.put("createdAt", createdAt.toString());
        put(json, "expiresAt", expiresAt);
        put(json, "lastUsedAt", lastUsedAt);
        put(json, "revokedAt", revokedAt);
        put(json, "replacedBy", replacedBy);
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable Object value) {
        json.put(name, value == null ? null : value.toString());
    }
}
