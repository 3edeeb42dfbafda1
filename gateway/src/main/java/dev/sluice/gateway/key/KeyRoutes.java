package dev.sluice.gateway.key;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of API keys. */
public final class KeyRoutes {

    private KeyRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(KeyService service) {
        KeyHandler handler = new KeyHandler(service);
        return RouterFunctions.route()
                .POST("/v1/api-keys", handler::create)
                .GET("/v1/api-keys", handler::list)
                .POST("/v1/api-keys/{id}:rotate", handler::rotate)
                .GET("/v1/api-keys/{id}", handler::show)
                .DELETE("/v1/api-keys/{id}", handler::revoke)
                .build();
    }
}
