package dev.sluice.gateway.audit;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.shared.tenancy.PrincipalContext;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;

/**
 * Tells the gateway's own services who asks, and where from; behind authentication, and behind what is passed on, which goes
 * without: each entry makes every look into the context longer.
 */
public final class OriginFilter implements WebFilter {

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> chain.filter(exchange).contextWrite(context -> in(exchange, context)));
    }

    private static Context in(ServerWebExchange exchange, Context context) {
        Context told = Origin.of(exchange).in(context);
        return Authenticated.find(exchange)
                .map(principal -> PrincipalContext.with(told, principal))
                .orElse(told);
    }
}
