package dev.sluice.gateway.dashboard;

import dev.sluice.gateway.request.StaticFile;
import dev.sluice.shared.web.WrongMethod;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.HandlerFunction;
import org.springframework.web.reactive.function.server.RequestPredicates;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The page and its two files; the page asks the API. */
public final class DashboardRoutes {

    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private DashboardRoutes() {}

    /** The routes; reads files, so not to be called on an event loop. */
    public static RouterFunction<ServerResponse> of() {
        return RouterFunctions.route()
                .GET("/", file("page.html", "text/html;charset=utf-8"))
                .GET("/assets/page.js", file("page.js", "text/javascript;charset=utf-8"))
                .GET("/assets/page.css", file("page.css", "text/css;charset=utf-8"))
                .GET("/favicon.ico", request -> ServerResponse.noContent().build())
                .route(RequestPredicates.path("/"), WrongMethod.allowing(HttpMethod.GET))
                .build();
    }

    private static HandlerFunction<ServerResponse> file(String name, String mediaType) {
        return StaticFile.of("/dashboard/" + name, mediaType, POLICY);
    }
}
