package dev.sluice.gateway.export;

import dev.sluice.gateway.revocation.RevocableStreams;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of exports. */
public final class ExportRoutes {

    private ExportRoutes() {}

    /** The routes in front of the exports. */
    public static RouterFunction<ServerResponse> of(Exports exports, PersonExports people, RevocableStreams streams) {
        ExportHandler handler = new ExportHandler(exports, people, streams);
        return RouterFunctions.route()
                .GET("/v1/export", handler::organization)
                .GET("/v1/account/export", handler::account)
                .GET("/v1/members/{id}/export", handler::member)
                .build();
    }
}
