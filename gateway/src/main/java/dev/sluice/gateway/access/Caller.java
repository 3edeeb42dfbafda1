package dev.sluice.gateway.access;

import dev.sluice.shared.tenancy.Principal;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who was recognised, with what they may do.
 *
 * @param actor     their name in the audit log, such as {@code api-key:…} or {@code https://issuer#subject}
 * @param expiresAt from then on they are nobody; absent for never
 * @param session   that a person logged in with; absent for keys and for the tokens of a provider
 */
public record Caller(
        Principal principal,
        String actor,
        Grant grant,
        @Nullable Instant expiresAt,
        @Nullable UUID session) {

    /** What they may see goes where the principal goes. */
    public Caller {
        principal = principal.masked(!grant.permissions().contains(Permission.DATA_UNMASKED));
    }

    private static final String KEY = "api-key:";
    private static final String PERSON = "person:";

    /** Somebody who came with a key. */
    public static Caller key(Principal principal, Grant grant, @Nullable Instant expiresAt) {
        return new Caller(principal, KEY + principal.keyId(), grant, expiresAt, null);
    }

    /** Somebody with a token of a provider. */
    public static Caller token(Principal principal, String actor, Grant grant, Instant expiresAt) {
        return new Caller(principal, actor, grant, expiresAt, null);
    }

    /** A person who logged in; the principal's id is theirs. */
    public static Caller person(Principal principal, Grant grant, Instant expiresAt, UUID session) {
        return new Caller(principal, person(principal.keyId()), grant, expiresAt, session);
    }

    /** The name of a person in the audit log. */
    public static String person(UUID person) {
        return PERSON + person;
    }

    /** Whether they may do something. */
    public boolean may(Permission permission) {
        return grant.permissions().contains(permission);
    }

    /** Whether the other is the same, by the same means, and may do the same; until when aside. */
    public boolean isWho(Caller other) {
        return principal.equals(other.principal)
                && actor.equals(other.actor)
                && grant.equals(other.grant)
                && Objects.equals(session, other.session);
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
