package dev.sluice.gateway.audit;

import dev.sluice.gateway.revocation.RevocableStreams;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of the audit log. */
public final class AuditRoutes {

    private AuditRoutes() {}

    /** The routes in front of the log. */
    public static RouterFunction<ServerResponse> of(Audit audit, RevocableStreams streams) {
        AuditHandler handler = new AuditHandler(audit, streams);
        return RouterFunctions.route()
                .GET("/v1/audit/verification", handler::verify)
                .GET("/v1/audit/export", handler::export)
                .GET("/v1/audit", handler::list)
                .build();
    }
}
