package dev.sluice.gateway.identity;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.gateway.access.OwnPath;
import dev.sluice.gateway.deletion.ClosedOrganizations;
import dev.sluice.gateway.token.Verdict;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
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
 * Lets a request of a known caller pass, and tells everything behind it who that is; all others get 401. Only the pages, the
 * document of the API, and the requests by which people come in, need none, nor do paths that say so. A lookup that fails is an error,
 * never a pass.
 */
public final class AuthenticationFilter implements WebFilter {

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
    private static final String LOGINS = "/v1/login-providers";

    /** What a provider sends somebody back to, who is not in yet. */
    private static final Pattern CALLBACK = Pattern.compile(LOGINS + "/[^/]+/callback");

    private static final Pattern BEGIN = Pattern.compile(LOGINS + "/[^/]+:begin");

    private final Callers callers;
    private final ClosedOrganizations closed;

    /** A filter that knows these callers. */
    public AuthenticationFilter(Callers callers, ClosedOrganizations closed) {
        this.callers = callers;
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
        return callers.judge(exchange).flatMap(verdict -> switch (verdict) {
            case Verdict.Accepted(Caller caller) -> proceed(caller, exchange, chain);
            case Verdict.Refused(String reason) -> refuse(exchange, reason);
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

    private Mono<Void> proceed(Caller caller, ServerWebExchange exchange, WebFilterChain chain) {
        callers.note(caller);
        Authenticated.set(exchange, caller);
        return chain.filter(exchange);
    }

    private static Mono<Void> refuse(ServerWebExchange exchange, String reason) {
        exchange.getResponse().getHeaders().set(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
        return Mono.error(new SluiceException(ProblemType.UNAUTHENTICATED, reason));
    }
}
