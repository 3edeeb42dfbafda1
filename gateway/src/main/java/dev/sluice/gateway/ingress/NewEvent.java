package dev.sluice.gateway.ingress;

import dev.sluice.shared.tenancy.OrganizationId;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A verified delivery on its way into the database.
 *
 * @param data      the body as it came
 * @param duplicate by what a second copy is known; null when every delivery is a new event
 */
record NewEvent(
        UUID id,
        OrganizationId organization,
        UUID endpoint,
        String source,
        String type,
        @Nullable String subject,
        Instant time,
        String contentType,
        ByteBuffer data,
        @Nullable DedupeKey duplicate) {

    /** A delivery's id, hashed, at its endpoint. */
    record DedupeKey(UUID endpoint, ByteBuffer hash) {}
}
