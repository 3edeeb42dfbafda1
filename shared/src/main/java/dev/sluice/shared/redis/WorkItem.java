package dev.sluice.shared.redis;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.UUID;

/**
 * An event to run workflows for.
 *
 * @param organization whose event it is
 * @param eventId      its id in PostgreSQL; the same id may come more than once
 * @param entryId      the stream's entry, for the acknowledgement
 */
public record WorkItem(OrganizationId organization, UUID eventId, String entryId) {}
