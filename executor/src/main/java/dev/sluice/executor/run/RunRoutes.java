package dev.sluice.executor.run;

import static org.springframework.web.reactive.function.server.RouterFunctions.route;

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
                .build();
    }
}
