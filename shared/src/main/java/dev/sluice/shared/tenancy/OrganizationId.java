package dev.sluice.shared.tenancy;

import java.util.UUID;

/** The tenant every row belongs to. */
public record OrganizationId(UUID value) {

    /** Reads the canonical form. */
    public static OrganizationId of(String text) {
        return new OrganizationId(UUID.fromString(text));
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
