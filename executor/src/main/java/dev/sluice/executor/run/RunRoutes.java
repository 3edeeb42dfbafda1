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

    static RouterFunction<ServerResponse> of(RunHandler handler, ControlHandler control) {
        return route().POST("/v1/workflows/{namespace}/{name}/runs", handler::start)
                .GET("/v1/runs", handler::list)
                .GET("/v1/runs/{id}/events", handler::events)
                .GET("/v1/runs/{id}/journal", control::journal)
                .POST("/v1/runs/{id}:cancel", handler::cancel)
                .POST("/v1/runs/{id}:suspend", control::suspend)
                .POST("/v1/runs/{id}:resume", control::resume)
                .POST("/v1/runs/{id}:retry", control::retry)
                .POST("/v1/runs/{id}:rerun", control::rerun)
                .POST("/v1/runs:retry", control::retryMany)
                .route(
                        path("/v1/runs/{id}:cancel")
                                .or(path("/v1/runs/{id}:suspend"))
                                .or(path("/v1/runs/{id}:resume"))
                                .or(path("/v1/runs/{id}:retry"))
                                .or(path("/v1/runs/{id}:rerun"))
                                .or(path("/v1/runs:retry")),
                        WrongMethod.allowing(HttpMethod.POST))
                .GET("/v1/runs/{id}", handler::show)
                .route(path("/v1/workflows/{namespace}/{name}/runs"), WrongMethod.allowing(HttpMethod.POST))
                .route(path("/v1/runs").or(path("/v1/runs/{id}")), WrongMethod.allowing(HttpMethod.GET))
                .route(
                        path("/v1/runs/{id}/events").or(path("/v1/runs/{id}/journal")),
                        WrongMethod.allowing(HttpMethod.GET))
                .build();
    }
}
