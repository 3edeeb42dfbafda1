package dev.sluice.gateway.retention;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The path by which an organization says how long its things are kept. */
public final class RetentionRoutes {

    private static final String PATH = "/v1/retention";

    private RetentionRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(RetentionService service) {
        RetentionHandler handler = new RetentionHandler(service);
        return RouterFunctions.route()
                .GET(PATH, handler::show)
                .PUT(PATH, handler::put)
                .build();
    }
}
