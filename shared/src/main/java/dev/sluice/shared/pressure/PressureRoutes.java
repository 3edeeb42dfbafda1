package dev.sluice.shared.pressure;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.web.WrongMethod;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** The path that shows pressure. */
public final class PressureRoutes {

    private static final String PATH = "/v1/pressure";

    private PressureRoutes() {}

    /** {@code shown} is subscribed to once for each request, in its context. */
    public static RouterFunction<ServerResponse> of(Mono<ObjectNode> shown) {
        return route().GET(
                        PATH,
                        request -> shown.flatMap(document -> ServerResponse.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .header("Cache-Control", "no-store")
                                .bodyValue(Json.bytes(document))))
                .route(path(PATH), WrongMethod.allowing(HttpMethod.GET))
                .build();
    }
}
