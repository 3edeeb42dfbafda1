package dev.sluice.gateway.masking;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The path by which an organization says which fields are hidden. */
public final class MaskingRoutes {

    private static final String PATH = "/v1/masking";

    private MaskingRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(MaskingService service) {
        MaskingHandler handler = new MaskingHandler(service);
        return RouterFunctions.route()
                .GET(PATH, handler::show)
                .PUT(PATH, handler::put)
                .build();
    }
}
