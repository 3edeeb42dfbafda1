package dev.sluice.gateway.session;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of sessions. */
public final class SessionRoutes {

    private SessionRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(SessionService service, SessionCookie cookie, DeviceCookie device) {
        SessionHandler handler = new SessionHandler(service, cookie, device);
        return RouterFunctions.route()
                .POST("/v1/sessions", handler::logIn)
                .GET("/v1/sessions", handler::list)
                .DELETE("/v1/sessions/{id}", handler::end)
                .GET("/v1/session", handler::show)
                .DELETE("/v1/session", handler::logOut)
                .POST("/v1/session:change", handler::change)
                .build();
    }
}
