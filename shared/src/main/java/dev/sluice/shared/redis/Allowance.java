package dev.sluice.shared.redis;

import dev.sluice.shared.tenancy.OrganizationId;

/**
 * What a consumer may take of an organization's work.
 *
 * @param weight its part, in proportion to those of others; positive
 * @param room   most items; 0 leaves all where they are
 */
public record Allowance(OrganizationId organization, int weight, int room) {

    /** Validates the bounds. */
    public Allowance {
        if (weight < 1 || room < 0) {
            throw new IllegalArgumentException(
                    "weight: " + weight + ", room: " + room + " (expected: weight > 0, room >= 0)");
        }
    }
}
