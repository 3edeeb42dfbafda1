package dev.sluice.executor.engine;

import dev.sluice.shared.tenancy.OrganizationId;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What is fixed when a run starts.
 *
 * @param organization whose it is
 * @param generation raised by each rerun; outgoing idempotency keys depend on it
 * @param startedAt  the run's first logical time
 * @param input      as it was given
 * @param traceparent W3C trace context of the request that started it
 * @param depth       how many runs before it started one another, directly or by events
 */
public record RunFacts(
        OrganizationId organization,
        UUID id,
        int generation,
        Instant startedAt,
        JsonNode input,
        @Nullable String traceparent,
        int depth) {}
