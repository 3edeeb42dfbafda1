package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.OwnPath;
import dev.sluice.gateway.published.Passage;
import dev.sluice.gateway.published.PublishedPath;
import dev.sluice.gateway.published.PublishedRoutes;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.WrongMethod;
import java.util.Optional;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Finds the published route that a request goes by, which says whether it takes credentials; stands in front of
 * authentication. What is below {@code /api} and no route's is answered with 404, a method that a route does not let through
 * with 405.
 */
public final class PublishedPathFilter implements WebFilter {

    private final PublishedRoutes routes;

    /** A filter that goes by these routes. */
    public PublishedPathFilter(PublishedRoutes routes) {
        this.routes = routes;
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

    private static void enter(Passage passage, ServerWebExchange exchange) {
        if (!passage.takes(exchange.getRequest().getMethod().name())) {
            HttpMethod[] methods = passage.route().methods().stream()
                    .sorted()
                    .map(HttpMethod::valueOf)
                    .toArray(HttpMethod[]::new);
            throw WrongMethod.of(exchange.getResponse(), methods);
        }
        passage.set(exchange);
        new OwnPath(
                        passage.organization(),
                        "route:" + passage.name(),
                        passage.route().open())
                .set(exchange);
    }
}
