package dev.sluice.executor.run;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.shared.web.WrongMethod;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths of runs. */
final class RunRoutes {

    private RunRoutes() {}

    static RouterFunction<ServerResponse> of(RunHandler handler) {
        return route().POST("/v1/workflows/{namespace}/{name}/runs", handler::start)
                .GET("/v1/runs", handler::list)
                .GET("/v1/runs/{id}", handler::show)
                .GET("/v1/runs/{id}/events", handler::events)
                .POST("/v1/runs/{id}:cancel", handler::cancel)
                .route(path("/v1/workflows/{namespace}/{name}/runs"), WrongMethod.allowing(HttpMethod.POST))
                .route(path("/v1/runs/{id}:cancel"), WrongMethod.allowing(HttpMethod.POST))
                .route(path("/v1/runs").or(path("/v1/runs/{id}")), WrongMethod.allowing(HttpMethod.GET))
                .route(path("/v1/runs/{id}/events"), WrongMethod.allowing(HttpMethod.GET))
                .build();
    }
}
