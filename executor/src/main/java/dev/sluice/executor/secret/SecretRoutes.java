package dev.sluice.executor.secret;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.shared.web.WrongMethod;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths of secrets. */
final class SecretRoutes {

    private static final String SECRETS = "/v1/secrets";
    private static final String SECRET = "/v1/secrets/{name}";

    private SecretRoutes() {}

    static RouterFunction<ServerResponse> of(SecretHandler handler) {
        return route().GET(SECRETS, handler::list)
                .GET(SECRET, handler::show)
                .PUT(SECRET, handler::put)
                .DELETE(SECRET, handler::delete)
                .route(path(SECRETS), WrongMethod.allowing(HttpMethod.GET))
                .route(path(SECRET), WrongMethod.allowing(HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE))
                .build();
    }
}
