package dev.sluice.executor.event;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/**
 * An event that a gateway took in or a run emitted.
 *
 * @param id       in Sluice; an emitted event may have another one in its envelope, which is its author's
 * @param depth    how many runs started one another before it was emitted; 0 for what came in from outside
 * @param envelope structured JSON form (CloudEvents 1.0.2)
 */
public record ArrivedEvent(
        OrganizationId organization, UUID id, String type, String source, int depth, JsonNode envelope) {}
