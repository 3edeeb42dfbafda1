package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.Route;
import dev.sluice.gateway.published.Passage;
import java.net.URI;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;

/**
 * What is passed on: by routes that organizations published, and to executors. The filters in front have found out which it
 * is; whatever is neither, the gateway serves itself.
 */
public final class GatewayRoutes {

    /** Where an exchange goes is for its {@link Destination} to say. */
    private static final URI ANYWHERE = URI.create("http://destination.invalid");

    private GatewayRoutes() {}

    /** The two, with what sends to where they lead. */
    public static RouteLocator of(RouteLocatorBuilder builder, ToUpstream upstream, ToExecutor executor) {
        return builder.routes()
                .route(
                        "published",
                        route -> route.predicate(
                                        exchange -> Passage.find(exchange).isPresent())
                                .filters(filters -> filters.filter(upstream))
                                .uri(ANYWHERE))
                .route(
                        "executor",
                        route -> route.predicate(exchange -> Route.find(exchange)
                                        .filter(Route::elsewhere)
                                        .isPresent())
                                .filters(filters -> filters.filter(executor))
                                .uri(ANYWHERE))
                .build();
    }
}
