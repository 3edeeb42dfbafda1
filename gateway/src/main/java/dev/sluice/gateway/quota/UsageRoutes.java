package dev.sluice.gateway.quota;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The path of reports. */
public final class UsageRoutes {

    private UsageRoutes() {}

    /** The route in front of the reports. */
    public static RouterFunction<ServerResponse> of(UsageReports reports) {
        UsageHandler handler = new UsageHandler(reports);
        return RouterFunctions.route().POST("/v1/usage", handler::report).build();
    }
}
