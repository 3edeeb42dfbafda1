package dev.sluice.gateway.consent;

import dev.sluice.shared.json.Json;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that a person agreed to.
 *
 * @param purpose     what for, such as {@code newsletter}
 * @param version     of the text they agreed to
 * @param withdrawnAt absent while it holds
 */
record Consent(
        UUID id,
        String purpose,
        String version,
        Instant givenAt,
        @Nullable Instant withdrawnAt) {

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.toString());
        json.put("purpose", purpose);
        json.put("version", version);
        json.put("givenAt", givenAt.toString());
        json.put("withdrawnAt", withdrawnAt == null ? null : withdrawnAt.toString());
        return json;
    }
}
