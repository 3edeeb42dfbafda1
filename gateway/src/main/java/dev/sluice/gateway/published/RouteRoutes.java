package dev.sluice.gateway.published;

import java.net.URI;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths by which routes are published; what is published is reached elsewhere. */
public final class RouteRoutes {

    private RouteRoutes() {}

    /** The routes in front of the service; {@code publicUrl} is the address that callers are told. */
    public static RouterFunction<ServerResponse> of(RouteService service, URI publicUrl) {
        RouteHandler handler = new RouteHandler(service, publicUrl);
        return RouterFunctions.route()
                .GET("/v1/routes", handler::list)
                .GET("/v1/routes/{name}", handler::show)
                .PUT("/v1/routes/{name}", handler::put)
                .DELETE("/v1/routes/{name}", handler::delete)
                .POST("/v1/routes/{name}:purge", handler::purge)
                .GET("/v1/routes/{name}/versions", handler::versions)
                .GET("/v1/routes/{name}/versions/{version}", handler::version)
                .POST("/v1/routes/{name}/versions/{version}:activate", handler::activate)
                .build();
    }
}
