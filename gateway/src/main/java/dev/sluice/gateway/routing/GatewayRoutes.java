package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.OwnPath;
import dev.sluice.gateway.keeping.KeepAnswers;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.cloud.gateway.filter.GatewayFilter;
import org.springframework.cloud.gateway.filter.OrderedGatewayFilter;
import org.springframework.cloud.gateway.route.Route;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;

/**
 * What is passed on: by routes that organizations published, and to executors. The filters in front have found out which it
 * is; whatever is neither, the gateway serves itself.
 */
public final class GatewayRoutes implements RouteLocator {

    /** Where an exchange goes is for its {@link Destination} to say. */
    private static final URI ANYWHERE = URI.create("http://destination.invalid");

    private final Route published;
    private final Route executor;

    /** The two, with what sends to where they lead. */
    public GatewayRoutes(KeepAnswers answers, ToUpstream upstream, ToExecutor executor) {
        this.published = route("published", answers, upstream);
        this.executor = route("executor", executor);
    }

    @Override
    public Flux<Route> getRoutes() {
        return Flux.just(published, executor);
    }

    /** The route of an exchange; empty for what is not passed on. */
    Optional<Route> of(ServerWebExchange exchange) {
        if (OwnPath.find(exchange).isPresent()) {
            return Optional.of(published);
        }
        return dev.sluice.gateway.access.Route.find(exchange)
                .filter(dev.sluice.gateway.access.Route::elsewhere)
                .map(found -> executor);
    }

    private Route route(String id, GatewayFilter... filters) {
        return Route.async()
                .id(id)
                .uri(ANYWHERE)
                .predicate(exchange ->
                        of(exchange).filter(route -> route.getId().equals(id)).isPresent())
                .filters(ordered(filters))
                .build();
    }

    /** In their order, right in front of what forwards. */
    private static List<GatewayFilter> ordered(GatewayFilter... filters) {
        return IntStream.range(0, filters.length)
                .<GatewayFilter>mapToObj(
                        i -> new OrderedGatewayFilter(filters[i], ForwardingFilter.ORDER - filters.length + i))
                .toList();
    }
}
