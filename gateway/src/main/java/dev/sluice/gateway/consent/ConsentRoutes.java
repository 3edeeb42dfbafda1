package dev.sluice.gateway.consent;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of consents. */
public final class ConsentRoutes {

    private ConsentRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(ConsentService service) {
        ConsentHandler handler = new ConsentHandler(service);
        return RouterFunctions.route()
                .GET("/v1/account/consents", handler::list)
                .POST("/v1/account/consents", handler::give)
                .DELETE("/v1/account/consents/{purpose}", handler::withdraw)
                .build();
    }
}
