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

    private static final String KEY = "api-key:";

    /** Somebody who came with a key. */
    public static Caller key(Principal principal, Grant grant, @Nullable Instant expiresAt) {
        return new Caller(principal, KEY + principal.keyId(), grant, expiresAt);
    }

    /** Whether they may do something. */
    public boolean may(Permission permission) {
        return grant.permissions().contains(permission);
    }

    /** Whether it is a key and no person. */
    public boolean isKey() {
        return actor.startsWith(KEY);
    }

    /** Whether their time is not over. */
    public boolean isValidAt(Instant now) {
        return expiresAt == null || now.isBefore(expiresAt);
    }
}
