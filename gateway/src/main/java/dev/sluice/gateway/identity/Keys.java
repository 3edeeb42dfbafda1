package dev.sluice.gateway.identity;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.gateway.lookup.LookupCache;
import dev.sluice.gateway.lookup.LookupSettings;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.tenancy.Principal;
import io.r2dbc.pool.ConnectionPool;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Who an API key belongs to, through a bounded cache. Thread-safe. */
public final class Keys {

    private final LookupCache<Principal> cache;

    /** Looks keys up on connections of {@code sluice_api}. */
    public Keys(ConnectionPool api, LookupSettings settings) {
        IdentityStore store = new IdentityStore();
        this.cache = new LookupCache<>(settings, hash -> store.findKey(api, hash), Ticker.systemTicker());
    }

    /** The owner of the key; an error {@code UNAVAILABLE} when it is not cached and PostgreSQL is away. */
    Mono<Optional<Principal>> find(SecretHash hash) {
        return cache.find(hash);
    }
}
