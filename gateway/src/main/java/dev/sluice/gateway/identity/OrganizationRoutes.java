package dev.sluice.gateway.identity;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of organizations. */
public final class OrganizationRoutes {

    private OrganizationRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(OrganizationService service) {
        OrganizationHandler handler = new OrganizationHandler(service);
        return RouterFunctions.route()
                .POST("/v1/organizations", handler::create)
                .GET("/v1/organizations", handler::list)
                .GET("/v1/organizations/{id}", handler::show)
                .build();
    }
}
