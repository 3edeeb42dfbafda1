package dev.sluice.gateway.member;

import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.access.Role;
import dev.sluice.shared.json.Json;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A role that an organization made for itself. */
record OwnRole(String name, Grant grant) {

    ObjectNode json() {
        return json(name, grant.permissions(), false);
    }

    /** One that all organizations have, shown beside them. */
    static ObjectNode json(Role role) {
        return json(role.id(), role.permissions(), true);
    }

    private static ObjectNode json(String name, Set<Permission> permissions, boolean builtIn) {
        ObjectNode json = Json.object();
        json.put("name", name);
        json.put("builtIn", builtIn);
        ArrayNode all = json.putArray("permissions");
        permissions.stream().map(Permission::id).forEach(all::add);
        return json;
    }
}
