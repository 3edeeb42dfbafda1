package dev.sluice.gateway.cors;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The path by which an organization says which origins may call. */
public final class CorsRoutes {

    private static final String PATH = "/v1/cors";

    private CorsRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(CorsService service) {
        CorsHandler handler = new CorsHandler(service);
        return RouterFunctions.route()
                .GET(PATH, handler::show)
                .PUT(PATH, handler::put)
                .DELETE(PATH, handler::delete)
                .build();
    }
}
