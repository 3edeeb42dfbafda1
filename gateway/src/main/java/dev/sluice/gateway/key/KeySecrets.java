package dev.sluice.gateway.key;

import dev.sluice.gateway.access.Grant;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.shared.id.Ids;
import dev.sluice.shared.tenancy.Principal.Scope;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes keys with random secrets. Thread-safe. */
final class KeySecrets {

    private static final String PREFIX = "sk_";

    private final SecretTokens tokens;
    private final Clock clock;

    KeySecrets(SecretTokens tokens, Clock clock) {
        this.tokens = tokens;
        this.clock = clock;
    }

    NewKey next(String name, Grant grant, @Nullable Instant expiresAt) {
        return with(ApiKey.fresh(Ids.next(), name, Scope.ORGANIZATION, grant, clock.instant(), expiresAt));
    }

    /** One that may do what another may, as long. */
    NewKey like(ApiKey old) {
        return with(ApiKey.fresh(Ids.next(), old.name(), old.scope(), old.grant(), clock.instant(), old.expiresAt()));
    }

    private NewKey with(ApiKey key) {
        return new NewKey(key, tokens.next(PREFIX));
    }
}
