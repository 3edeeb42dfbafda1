package dev.sluice.executor.share;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.shared.web.WrongMethod;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths of shares. */
final class ShareRoutes {

    private static final String SHARE = "/v1/shares/{organizationId}";

    private ShareRoutes() {}

    static RouterFunction<ServerResponse> of(ShareHandler handler) {
        return route().GET(SHARE, handler::show)
                .PUT(SHARE, handler::set)
                .DELETE(SHARE, handler::delete)
                .route(path(SHARE), WrongMethod.allowing(HttpMethod.GET, HttpMethod.PUT, HttpMethod.DELETE))
                .build();
    }
}
