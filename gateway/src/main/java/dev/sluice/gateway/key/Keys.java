package dev.sluice.gateway.key;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.lookup.LastUse;
import dev.sluice.gateway.lookup.LookupCache;
import dev.sluice.gateway.lookup.LookupSettings;
import dev.sluice.gateway.lookup.SecretHash;
import io.r2dbc.pool.ConnectionPool;
import java.time.Clock;
import java.util.Optional;
import reactor.core.publisher.Mono;

/** Who an API key belongs to, through a bounded cache. Thread-safe. */
public final class Keys {

    private final LookupCache<SecretHash, Caller> cache;
    private final LastUse use;
    private final Clock clock;

    /** Looks keys up on connections of {@code sluice_api}, and notes when they are used. */
    public Keys(ConnectionPool api, LookupSettings settings, LastUse use, Clock clock) {
        KeyStore store = new KeyStore();
        this.cache = new LookupCache<>(settings, hash -> store.findCaller(api, hash), Ticker.systemTicker());
        this.use = use;
        this.clock = clock;
    }

    /** When keys are used, written on connections of {@code sluice_api}. */
    public static LastUse uses(ConnectionPool api) {
        KeyStore store = new KeyStore();
        return new LastUse(uses -> store.touch(api, uses));
    }

    /** The owner of the key; an error {@code UNAVAILABLE} when it is not cached and PostgreSQL is away. */
    public Mono<Optional<Caller>> find(SecretHash hash) {
        return cache.find(hash).map(found -> found.filter(caller -> caller.isValidAt(clock.instant())));
    }

    /** Notes that the owner of a key has come with it. */
    public void used(Caller caller) {
        use.note(caller.principal().keyId(), clock.instant());
    }

    /** Asks anew for what a change is about. */
    public void changed(Change change) {
        switch (change.type()) {
            case KEY_REVOKED, KEY_ROTATED ->
                cache.forget(caller -> caller.principal().keyId().equals(change.subject()));
            case SESSION_ENDED,
                    PERSON_SECURED,
                    MEMBER_CHANGED,
                    ROLE_CHANGED,
                    ROUTE_CHANGED,
                    CORS_CHANGED,
                    MASKING_CHANGED,
                    QUOTA_CHANGED,
                    PLAN_CHANGED,
                    ORGANIZATION_CLOSED -> {}
        }
    }
}
