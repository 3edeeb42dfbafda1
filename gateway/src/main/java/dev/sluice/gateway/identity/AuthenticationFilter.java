package dev.sluice.gateway.identity;

import dev.sluice.gateway.lookup.SecretHash;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.tenancy.PrincipalContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets a request pass that carries a known API key (RFC 6750) and tells everything behind it who that is; all others get
 * 401. Only the page at {@code /} needs no key. A lookup that fails is an error, never a pass.
 */
public final class AuthenticationFilter implements WebFilter {

    static final String ADVICE = "Send an API key as 'Authorization: Bearer <key>'.";

    private static final Pattern BEARER = Pattern.compile("Bearer +([!-~]{1,200}) *", Pattern.CASE_INSENSITIVE);
    private static final Set<String> OPEN = Set.of("/", "/assets/page.js", "/assets/page.css", "/favicon.ico");

    private final Keys keys;

    /** A filter that asks the given keys. */
    public AuthenticationFilter(Keys keys) {
        this.keys = keys;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (OPEN.contains(exchange.getRequest().getURI().getRawPath())) {
            return chain.filter(exchange);
        }
        return bearer(exchange.getRequest())
                .map(token -> keys.find(SecretHash.of(token)))
                .orElseGet(() -> Mono.just(Optional.empty()))
                .flatMap(found -> found.map(principal -> proceed(principal, exchange, chain))
                        .orElseGet(() -> refuse(exchange)));
    }

    /** The one token of the one header; two headers are as good as none. */
    private static Optional<String> bearer(ServerHttpRequest request) {
        List<String> values = request.getHeaders().getOrEmpty(HttpHeaders.AUTHORIZATION);
        return values.size() == 1
                ? Optional.of(BEARER.matcher(values.getFirst()))
                        .filter(Matcher::matches)
                        .map(match -> match.group(1))
                : Optional.empty();
    }

    private static Mono<Void> proceed(Principal principal, ServerWebExchange exchange, WebFilterChain chain) {
        Authenticated.set(exchange, principal);
        return chain.filter(exchange).contextWrite(context -> PrincipalContext.with(context, principal));
    }

    private static Mono<Void> refuse(ServerWebExchange exchange) {
        exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return Mono.error(new SluiceException(ProblemType.UNAUTHENTICATED, ADVICE));
    }
}
