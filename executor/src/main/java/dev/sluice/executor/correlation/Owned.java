package dev.sluice.executor.correlation;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.UUID;

/**
 * A run as its owner has it.
 *
 * @param node  the incarnation that owns it
 * @param epoch number of the claim
 */
public record Owned(UUID runId, OrganizationId organization, UUID definitionId, UUID node, int epoch) {}
