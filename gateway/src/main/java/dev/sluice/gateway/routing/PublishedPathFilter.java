package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.OwnPath;
import dev.sluice.gateway.deprecation.DeprecationMeter;
import dev.sluice.gateway.published.Passage;
import dev.sluice.gateway.published.PublishedPath;
import dev.sluice.gateway.published.PublishedRoutes;
import dev.sluice.gateway.published.RouteDeprecation;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.WrongMethod;
import java.time.Clock;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Finds the published route that a request goes by, which says whether it takes credentials; stands in front of
 * authentication. What is below {@code /api} and no route's is answered with 404, a method that a route does not let through
 * with 405, what goes by a route that is gone with 410.
 */
public final class PublishedPathFilter implements WebFilter {

    private final PublishedRoutes routes;
    private final DeprecationMeter deprecated;
    private final Clock clock;

    /** A filter that goes by these routes. */
    public PublishedPathFilter(PublishedRoutes routes, DeprecationMeter deprecated, Clock clock) {
        this.routes = routes;
        this.deprecated = deprecated;
        this.clock = clock;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String path = exchange.getRequest().getURI().getRawPath();
        if (!PublishedPath.isOne(path)) {
            return chain.filter(exchange);
        }
        return PublishedPath.read(path)
                .map(routes::find)
                .orElseGet(() -> Mono.just(Optional.empty()))
                .flatMap(found -> {
                    enter(found.orElseThrow(() -> SluiceException.notFound("This path")), exchange);
                    return chain.filter(exchange);
                });
    }

    private void enter(Passage passage, ServerWebExchange exchange) {
        if (!passage.takes(exchange.getRequest().getMethod().name())) {
            HttpMethod[] methods = passage.route().methods().stream()
                    .sorted()
                    .map(HttpMethod::valueOf)
                    .toArray(HttpMethod[]::new);
            throw WrongMethod.of(exchange.getResponse(), methods);
        }
        RouteDeprecation deprecation = passage.route().deprecation();
        if (deprecation != null) {
            tell(deprecation, exchange);
        }
        passage.set(exchange);
        new OwnPath(
                        passage.organization(),
                        "route:" + passage.name(),
                        passage.route().open())
                .set(exchange);
    }

    /** In the place of what the upstream says, with errors too. */
    private void tell(RouteDeprecation deprecation, ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        response.beforeCommit(() -> Mono.fromRunnable(() -> deprecation.told().announce(response.getHeaders())));
        deprecated.routeUsed();
        if (deprecation.isGoneAt(clock.instant())) {
            throw new SluiceException(
                    ProblemType.GONE,
                    "This path was given up; the links of this answer say what there is instead, if anything.");
        }
    }
}
