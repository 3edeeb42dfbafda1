package dev.sluice.gateway.session;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.change.Change;
import dev.sluice.gateway.lookup.LastUse;
import dev.sluice.gateway.lookup.LookupCache;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.postgres.Retention;
import io.r2dbc.pool.ConnectionPool;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import reactor.core.publisher.Mono;

/** Who a session belongs to, through a bounded cache (ADR 34). Thread-safe. */
public final class Sessions {

    static final String PREFIX = "ss_";

    /** Forgets sessions, invitations, what stands for a password once, and resets, whose time is over. */
    public static final Retention.Rule RETENTION =
            new Retention.Rule("sessions, invitations, logins and resets", "select identity.forget_ended($1)");

    private final LookupCache<SecretHash, Caller> cache;
    private final LastUse seen;
    private final Clock clock;

    /** Looks sessions up on connections of {@code sluice_api}, and notes when they are seen. */
    public Sessions(ConnectionPool api, SessionSettings settings, LastUse seen, Clock clock) {
        SessionStore store = new SessionStore();
        this.cache = new LookupCache<>(
                settings.lookup(), hash -> store.findCaller(api, hash, settings.idle()), Ticker.systemTicker());
        this.seen = seen;
        this.clock = clock;
    }

    /** When sessions are seen, written on connections of {@code sluice_api}. */
    public static LastUse uses(ConnectionPool api) {
        SessionStore store = new SessionStore();
        return new LastUse(seen -> store.touch(api, seen));
    }

    /** Whether a bearer's secret has the form of a session's, which no key has. */
    public static boolean isSession(String secret) {
        return secret.startsWith(PREFIX);
    }

    /** The person of a session; an error {@code UNAVAILABLE} when it is not cached and PostgreSQL is away. */
    public Mono<Optional<Caller>> find(SecretHash hash) {
        return cache.find(hash).map(found -> found.filter(caller -> caller.isValidAt(clock.instant())));
    }

    /** Notes that a person has come with a session. */
    public void seen(Caller caller) {
        seen.note(session(caller), clock.instant());
    }

    /** Asks anew for what a change is about. */
    public void changed(Change change) {
        switch (change.type()) {
            case SESSION_ENDED -> cache.forget(caller -> session(caller).equals(change.subject()));
            case PERSON_SECURED, MEMBER_CHANGED -> cache.forget(is(change.subject()));
            case ROLE_CHANGED ->
                cache.forget(caller -> caller.principal().organization().equals(change.organization()));
            case KEY_REVOKED,
                    KEY_ROTATED,
                    ROUTE_CHANGED,
                    CORS_CHANGED,
                    MASKING_CHANGED,
                    QUOTA_CHANGED,
                    PLAN_CHANGED,
                    ORGANIZATION_CLOSED -> {}
        }
    }

    private static Predicate<Caller> is(UUID person) {
        return caller -> caller.principal().keyId().equals(person);
    }

    private static UUID session(Caller caller) {
        return Objects.requireNonNull(caller.session(), "a person without a session");
    }
}
