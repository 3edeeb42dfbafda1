package dev.sluice.gateway.admission;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Route;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Admits requests to routes of the API that have a limit of their own. Stands behind the check of permissions, which knows the
 * route, and so do those limits: what somebody may not do takes nothing of what others of the organization may.
 */
public final class RouteLimitFilter implements WebFilter {

    private final Admission admission;
    private final RouteLimits limits;

    /** A filter that asks the given admission for some of the routes. */
    public RouteLimitFilter(Admission admission, RouteLimits limits) {
        this.admission = admission;
        this.limits = limits;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            Route.find(exchange).flatMap(limits::find).ifPresent(limit -> admit(exchange, limit));
            return chain.filter(exchange);
        });
    }

    private void admit(ServerWebExchange exchange, RouteLimits.Limit limit) {
        admission.admitTo(
                limit.id(),
                limit.rate(),
                Authenticated.of(exchange).organization(),
                exchange.getResponse().getHeaders());
    }
}
