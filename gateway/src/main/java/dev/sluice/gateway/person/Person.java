package dev.sluice.gateway.person;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/**
 * Somebody with an account.
 *
 * @param secondFactor whether a password alone does not let them in
 */
public record Person(UUID id, Email email, String name, boolean secondFactor, Instant createdAt) {

    /** As it is shown to themselves and to those they work with. */
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.toString());
        json.put("email", email.value());
        json.put("name", name);
        json.put("secondFactor", secondFactor);
        json.put("createdAt", createdAt.toString());
        return json;
    }
}
