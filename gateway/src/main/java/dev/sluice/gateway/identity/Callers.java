package dev.sluice.gateway.identity;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.OwnPath;
import dev.sluice.gateway.deletion.ClosedOrganizations;
import dev.sluice.gateway.key.Keys;
import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.gateway.session.Sessions;
import dev.sluice.gateway.token.Tokens;
import dev.sluice.gateway.token.Verdict;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Whose a request is, by the API key, the session, or the token of one of the installation's providers that it carries (RFC 6750).
 * Thread-safe.
 */
public final class Callers {

    private static final String BEARER = "Bearer ";
    private static final int MAX_SECRET = 8192;
    private static final int MAX_KEY = 200;
    private static final Verdict NOBODY = new Verdict.Refused(Authenticated.ADVICE);
    private static final Verdict CLOSED = new Verdict.Refused(
            "Your organization is closed, for it is to be deleted. Whoever asked for that has a token that calls it off.");

    private final Keys keys;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final Tokens tokens;
    private final ClosedOrganizations closed;

    /** Those of these keys, sessions and tokens. */
    public Callers(Keys keys, Sessions sessions, SessionCookie cookie, Tokens tokens, ClosedOrganizations closed) {
        this.keys = keys;
        this.sessions = sessions;
        this.cookie = cookie;
        this.tokens = tokens;
        this.closed = closed;
    }

    /** Notes that somebody has come with a request. */
    void note(Caller caller) {
        if (caller.session() != null) {
            sessions.seen(caller);
        } else if (caller.isKey()) {
            keys.used(caller);
        }
    }

    /** Nobody's is refused; what cannot be looked up is an error. */
    Mono<Verdict> judge(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        // What is published is not the gateway's own page, which alone may use a cookie.
        return bearer(request)
                .map(this::verdict)
                .or(() -> OwnPath.find(exchange).isPresent()
                        ? Optional.empty()
                        : cookie.read(request).map(secret -> cookie(secret, request)))
                .orElseGet(() -> Mono.just(NOBODY))
                .map(this::unlessClosed);
    }

    /** Whose it is by now; empty when it is nobody's, an error when that cannot be looked up. */
    public Mono<Caller> find(ServerWebExchange exchange) {
        return Mono.defer(() -> judge(exchange)).mapNotNull(verdict -> switch (verdict) {
            case Verdict.Accepted(Caller caller) -> caller;
            case Verdict.Refused ignored -> null;
        });
    }

    private Verdict unlessClosed(Verdict verdict) {
        return verdict instanceof Verdict.Accepted(Caller caller)
                        && closed.contains(caller.principal().organization())
                ? CLOSED
                : verdict;
    }

    private Mono<Verdict> verdict(String secret) {
        if (Tokens.isToken(secret)) {
            return tokens.verify(secret);
        }
        if (secret.length() > MAX_KEY) {
            return Mono.just(NOBODY);
        }
        SecretHash hash = SecretHash.of(secret);
        return (Sessions.isSession(secret) ? sessions.find(hash) : keys.find(hash))
                .map(found -> found.<Verdict>map(Verdict.Accepted::new).orElse(NOBODY));
    }

    /** A browser sends its cookie whoever's page makes it send the request. */
    private Mono<Verdict> cookie(String secret, ServerHttpRequest request) {
        return Mono.defer(() -> {
            cookie.requireSameSite(request);
            return Sessions.isSession(secret) ? verdict(secret) : Mono.just(NOBODY);
        });
    }

    /** The one secret of the one header, of visible characters; two headers are as good as none. */
    private static Optional<String> bearer(ServerHttpRequest request) {
        List<String> values = request.getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION);
        if (values.size() != 1 || !values.getFirst().regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.empty();
        }
        String secret = values.getFirst().substring(BEARER.length()).strip();
        boolean usable = !secret.isEmpty() && secret.length() <= MAX_SECRET && isVisible(secret);
        return usable ? Optional.of(secret) : Optional.empty();
    }

    private static boolean isVisible(String secret) {
        for (int i = 0; i < secret.length(); i++) {
            if (secret.charAt(i) <= ' ' || secret.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }
}
