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
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets a request pass that carries a known API key, a session, or a token of one of the installation's providers (RFC 6750),
 * and tells everything behind it who that is; all others get 401. Only the pages, the document of the API, and the requests by which
 * people come in, need none, nor do paths that say so. A lookup that fails is an error, never a pass.
 */
public final class AuthenticationFilter implements WebFilter {

    private static final String BEARER = "Bearer ";
    private static final int MAX_SECRET = 8192;
    private static final int MAX_KEY = 200;
    private static final Set<String> PAGE = Set.of(
            "/",
            "/assets/page.js",
            "/assets/page.css",
            "/favicon.ico",
            "/openapi.json",
            "/docs",
            "/assets/docs.js",
            "/assets/swagger-ui.js",
            "/assets/swagger-ui.css");
    private static final Set<String> ENTRANCE = Set.of(
            "/v1/sessions",
            "/v1/invitations:accept",
            "/v1/account/password:reset",
            "/v1/organizations:keep",
            "/v1/login-links");
    private static final String CLOSED =
            "Your organization is closed, for it is to be deleted. Whoever asked for that has a token that calls it off.";
    private static final String LOGINS = "/v1/login-providers";

    /** What a provider sends somebody back to, who is not in yet. */
    private static final Pattern CALLBACK = Pattern.compile(LOGINS + "/[^/]+/callback");

    private static final Pattern BEGIN = Pattern.compile(LOGINS + "/[^/]+:begin");
    private static final Verdict NOBODY = new Verdict.Refused(Authenticated.ADVICE);

    private final Keys keys;
    private final Sessions sessions;
    private final SessionCookie cookie;
    private final Tokens tokens;
    private final ClosedOrganizations closed;

    /** A filter that knows these keys, sessions and tokens. */
    public AuthenticationFilter(
            Keys keys, Sessions sessions, SessionCookie cookie, Tokens tokens, ClosedOrganizations closed) {
        this.keys = keys;
        this.sessions = sessions;
        this.cookie = cookie;
        this.tokens = tokens;
        this.closed = closed;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        ServerHttpRequest request = exchange.getRequest();
        Optional<OwnPath> own = OwnPath.find(exchange);
        if (own.filter(path -> closed.contains(path.organization())).isPresent()) {
            return Mono.error(() -> SluiceException.notFound("This path"));
        }
        if (own.map(OwnPath::open).orElseGet(() -> isOpen(request))) {
            return chain.filter(exchange);
        }
        // What is published is not the gateway's own page, which alone may use a cookie.
        return bearer(request)
                .map(this::verdict)
                .or(() -> own.isPresent()
                        ? Optional.empty()
                        : cookie.read(request).map(secret -> cookie(secret, request)))
                .orElseGet(() -> Mono.just(NOBODY))
                .flatMap(verdict -> switch (verdict) {
                    case Verdict.Accepted(Caller caller)
                    when closed.contains(organization(caller)) -> refuse(exchange, CLOSED);
                    case Verdict.Accepted(Caller caller) -> proceed(caller, exchange, chain);
                    case Verdict.Refused(String reason) -> refuse(exchange, reason);
                });
    }

    private static OrganizationId organization(Caller caller) {
        return caller.principal().organization();
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

    private static boolean isOpen(ServerHttpRequest request) {
        String path = request.getURI().getRawPath();
        if (HttpMethod.POST.equals(request.getMethod())) {
            return ENTRANCE.contains(path)
                    || PAGE.contains(path)
                    || BEGIN.matcher(path).matches();
        }
        return PAGE.contains(path)
                || (HttpMethod.GET.equals(request.getMethod())
                        && (LOGINS.equals(path) || CALLBACK.matcher(path).matches()));
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

    private static Mono<Void> proceed(Caller caller, ServerWebExchange exchange, WebFilterChain chain) {
        Authenticated.set(exchange, caller);
        return chain.filter(exchange);
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, String reason) {
        exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return Mono.error(new SluiceException(ProblemType.UNAUTHENTICATED, reason));
    }
}
