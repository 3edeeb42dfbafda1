package dev.sluice.gateway.ingress;

import java.net.URI;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of endpoints and events; the door has a handler of its own. */
public final class IngressRoutes {

    private IngressRoutes() {}

    /** The routes in front of the services; {@code publicUrl} is the address senders are told. */
    public static RouterFunction<ServerResponse> of(EndpointService endpoints, EventService events, URI publicUrl) {
        IngressHandler handler = new IngressHandler(endpoints, events, publicUrl);
        return RouterFunctions.route()
                .POST("/v1/endpoints", handler::createEndpoint)
                .GET("/v1/endpoints", handler::listEndpoints)
                .GET("/v1/events", handler::listEvents)
                .GET("/v1/events/{id}", handler::event)
                .build();
    }
}
