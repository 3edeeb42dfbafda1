package dev.sluice.gateway.routing;

import dev.sluice.gateway.executor.ExecutorSettings;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.cloud.gateway.support.RouteMetadataUtils;

/** The paths that executors serve. */
public final class ExecutorRoutes {

    private static final String[] PATHS = {
        "/v1/workflows",
        "/v1/workflows/**",
        "/v1/runs",
        "/v1/runs:retry",
        "/v1/runs/**",
        "/v1/events/{id}/runs",
        "/v1/dead-events",
        "/v1/dead-events/**",
        "/v1/shares/**"
    };

    /** Reactor Netty notes the stream of a response here; it is no concern of the client's. */
    private static final String HTTP2_STREAM = "x-http2-stream-id";

    private ExecutorRoutes() {}

    /** One route; the response timeout is until the headers, so an event stream may last as long as it likes. */
    public static RouteLocator of(RouteLocatorBuilder builder, ExecutorSettings settings) {
        return builder.routes()
                .route(
                        "executor",
                        route -> route.path(PATHS)
                                .filters(filters -> filters.removeResponseHeader(HTTP2_STREAM))
                                .metadata(
                                        RouteMetadataUtils.RESPONSE_TIMEOUT_ATTR,
                                        settings.responseTimeout().toMillis())
                                .uri(settings.url()))
                .build();
    }
}
