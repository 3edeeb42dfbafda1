package dev.sluice.gateway.plan;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of plans and quotas. */
public final class PlanRoutes {

    private PlanRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(PlanService service) {
        PlanHandler handler = new PlanHandler(service);
        return RouterFunctions.route()
                .GET("/v1/plans", handler::list)
                .PUT("/v1/plans/{name}", handler::put)
                .DELETE("/v1/plans/{name}", handler::delete)
                .GET("/v1/quotas", handler::showOwn)
                .GET("/v1/organizations/{id}/quotas", handler::show)
                .PUT("/v1/organizations/{id}/quotas", handler::set)
                .build();
    }
}
