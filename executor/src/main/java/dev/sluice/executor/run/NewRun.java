package dev.sluice.executor.run;

import dev.sluice.shared.json.EncodedJson;
import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A run about to be created.
 *
 * @param node        the node that will run it at once, absent when whoever has room shall take it
 * @param eventId     the event that triggered it, absent for a start by API
 * @param traceparent W3C trace context of the start
 * @param idempotency set when the caller gave a key
 */
public record NewRun(
        UUID id,
        OrganizationId organization,
        UUID definitionId,
        @Nullable UUID node,
        @Nullable UUID eventId,
        EncodedJson input,
        @Nullable String traceparent,
        Instant createdAt,
        @Nullable Idempotency idempotency) {

    /** The event that started it; for runs that have one. */
    public UUID triggeredBy() {
        return Objects.requireNonNull(eventId, "not started by an event");
    }

    /** The run as its node takes it up right after creating it. */
    ClaimedRun claimed(UUID owner) {
        return new ClaimedRun(
                id, organization, definitionId, owner, 0, 0, input.tree(), traceparent, createdAt, createdAt, false);
    }
}
