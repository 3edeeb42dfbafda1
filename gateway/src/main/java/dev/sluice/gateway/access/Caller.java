package dev.sluice.gateway.access;

import dev.sluice.shared.tenancy.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who was recognised, with what they may do.
 *
 * @param actor     their name in the audit log, such as {@code api-key:…} or {@code https://issuer#subject}
 * @param expiresAt from then on they are nobody; absent for never
 */
public record Caller(
        Principal principal,
        String actor,
        Grant grant,
        @Nullable Instant expiresAt) {

    /** Whether they may do something. */
    public boolean may(Permission permission) {
        return grant.permissions().contains(permission);
    }

    /** Whether their time is not over. */
    public boolean isValidAt(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }
}
