package dev.sluice.gateway.identity;

import dev.sluice.shared.web.WrongMethod;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of organizations and keys. */
public final class IdentityRoutes {

    private IdentityRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(IdentityService service) {
        IdentityHandler handler = new IdentityHandler(service);
        return RouterFunctions.route()
                .POST("/v1/organizations", handler::createOrganization)
                .POST("/v1/api-keys", handler::createKey)
                .GET("/v1/api-keys", handler::listKeys)
                .route(RequestPredicates.path("/v1/organizations"), WrongMethod.allowing(HttpMethod.POST))
                .route(RequestPredicates.path("/v1/api-keys"), WrongMethod.allowing(HttpMethod.POST, HttpMethod.GET))
                .build();
    }
}
