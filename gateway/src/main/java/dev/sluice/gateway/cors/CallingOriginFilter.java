package dev.sluice.gateway.cors;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses what a page of another origin asks of the API that the caller's organization does not allow: a preflight, which has
 * no key, was told nothing of that. A session's cookie is nothing that a page of another origin may use at all. Behind all else
 * that decides who may do what, and the record of refusals.
 */
public final class CallingOriginFilter implements WebFilter {

    private final CorsPolicies policies;

    /** A filter that goes by these. */
    public CallingOriginFilter(CorsPolicies policies) {
        this.policies = policies;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Optional<String> origin = CrossOrigin.find(exchange);
        if (origin.isEmpty()) {
            return chain.filter(exchange);
        }
        if (!CrossOrigin.hasCredentials(exchange)) {
            return Mono.error(
                    () -> refused("A page of another origin sends a key or token as 'Authorization: Bearer'."));
        }
        return policies.find(Authenticated.of(exchange).organization())
                .filter(policy -> allows(policy, origin.get(), exchange))
                .switchIfEmpty(
                        Mono.error(
                                () -> refused(
                                        "Your organization lets no page of this origin call so; /v1/cors has the origins and methods.")))
                .flatMap(allowed -> chain.filter(exchange));
    }

    private static boolean allows(CorsPolicy policy, String origin, ServerWebExchange exchange) {
        CorsRule rule = policy.api();
        return rule != null
                && rule.allows(origin, exchange.getRequest().getMethod().name());
    }

    private static SluiceException refused(String detail) {
        return new SluiceException(ProblemType.FORBIDDEN, detail);
    }
}
