package dev.sluice.gateway.deletion;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of the end of organizations. */
public final class DeletionRoutes {

    private DeletionRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(DeletionService service) {
        DeletionHandler handler = new DeletionHandler(service);
        return RouterFunctions.route()
                .POST("/v1/organizations/{id}:delete", handler::delete)
                .POST("/v1/organizations/{id}:keep", handler::keepAny)
                .POST("/v1/organizations:keep", handler::keep)
                .GET("/v1/deletions", handler::list)
                .build();
    }
}
