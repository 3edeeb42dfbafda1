package dev.sluice.gateway.change;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.UUID;

/**
 * Something that changed.
 *
 * @param subject what it happened to
 */
public record Change(OrganizationId organization, ChangeType type, UUID subject) {}
