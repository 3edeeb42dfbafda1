package dev.sluice.executor.deployment;

import static org.springframework.web.reactive.function.server.RequestPredicates.path;
import static org.springframework.web.reactive.function.server.RouterFunctions.route;

import dev.sluice.shared.web.WrongMethod;
import org.springframework.http.HttpMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** Paths of workflow documents. */
public final class WorkflowRoutes {

    private WorkflowRoutes() {}

    /** The table of paths. */
    public static RouterFunction<ServerResponse> of(
            Workflows workflows, DocumentReader documents, int maxDocumentBytes) {
        WorkflowHandler handler = new WorkflowHandler(workflows, documents, maxDocumentBytes);
        return route().POST("/v1/workflows", handler::deploy)
                .GET("/v1/workflows", handler::list)
                .GET("/v1/workflows/{namespace}/{name}", handler::show)
                .GET("/v1/workflows/{namespace}/{name}/versions", handler::versions)
                .GET("/v1/workflows/{namespace}/{name}/versions/{version}", handler::showVersion)
                .POST("/v1/workflows/{namespace}/{name}/versions/{version}:activate", handler::activate)
                .route(path("/v1/workflows"), WrongMethod.allowing(HttpMethod.POST, HttpMethod.GET))
                .route(path("/v1/workflows/{namespace}/{name}"), WrongMethod.allowing(HttpMethod.GET))
                .route(path("/v1/workflows/{namespace}/{name}/versions"), WrongMethod.allowing(HttpMethod.GET))
                .route(
                        path("/v1/workflows/{namespace}/{name}/versions/{version}:activate"),
                        WrongMethod.allowing(HttpMethod.POST))
                .route(
                        path("/v1/workflows/{namespace}/{name}/versions/{version}"),
                        WrongMethod.allowing(HttpMethod.GET))
                .build();
    }
}
