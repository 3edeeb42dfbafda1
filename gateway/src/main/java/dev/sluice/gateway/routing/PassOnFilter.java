package dev.sluice.gateway.routing;

import java.util.Optional;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Hands what is passed on to Spring Cloud Gateway's filters, without looking for a handler: which route it is has been found
 * out by then, and asking all routes and handlers again costs an eighth of all that a request costs. Behind all filters that
 * decide who may do what.
 */
public final class PassOnFilter implements WebFilter {

    private final GatewayRoutes routes;
    private final FilteringWebHandler gateway;

    /** A filter that goes by these routes. */
    public PassOnFilter(GatewayRoutes routes, FilteringWebHandler gateway) {
        this.routes = routes;
        this.gateway = gateway;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            Optional<Route> route = routes.of(exchange);
            if (route.isEmpty()) {
                return chain.filter(exchange);
            }
            exchange.getAttributes().put(ServerWebExchangeUtils.GATEWAY_ROUTE_ATTR, route.get());
            return gateway.handle(exchange);
        });
    }
}
