package dev.sluice.executor.run;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run this node owns.
 *
 * @param node            the incarnation that owns it
 * @param epoch           raised by each claim; a write under an older one is refused
 * @param startedAt       first logical time, the same for every owner
 * @param cancelRequested whether it shall end rather than go on
 */
record ClaimedRun(
        UUID id,
        OrganizationId organization,
        UUID definitionId,
        UUID node,
        int epoch,
        int generation,
        JsonNode input,
        @Nullable String traceparent,
        Instant createdAt,
        Instant startedAt,
        boolean cancelRequested) {

    /** Whether the journal can hold anything: no other node, and not this one, has had it before. */
    boolean fresh() {
        return epoch == 0;
    }
}
