package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.access.Route;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;

final class RouteLimitsTest {

    private static final List<Route> ROUTES = Stream.of(
                    "/v1/export",
                    "/v1/members/{id}/export",
                    "/v1/account/export",
                    "/v1/audit/export",
                    "/v1/audit/verification",
                    "/v1/other")
            .map(path -> Route.own(HttpMethod.GET, path, Permission.RUNS_READ))
            .toList();

    @Test
    void areThoseOfExpensiveRoutesAndThoseThatAreSet() {
        RouteLimits limits = new RouteLimits(
                ROUTES, List.of(new RouteRate("GET /v1/export", 2, 3), new RouteRate("GET /v1/other", 4, 5)));

        assertThat(limits.find(ROUTES.getFirst()).orElseThrow().rate()).isEqualTo(new Rate(2, 3));
        assertThat(limits.find(ROUTES.get(4)).orElseThrow().rate()).isEqualTo(new Rate(0.1, 10));
        assertThat(limits.find(ROUTES.getLast()).orElseThrow().rate()).isEqualTo(new Rate(4, 5));
        assertThat(new RouteLimits(ROUTES, List.of()).find(ROUTES.getLast())).isEmpty();
        assertThat(limits.find(ROUTES.getFirst()).orElseThrow().id())
                .as("the same on all gateways")
                .isEqualTo(new RouteLimits(ROUTES, List.of())
                        .find(ROUTES.getFirst())
                        .orElseThrow()
                        .id());
    }

    @Test
    void nameRoutesThatThereAre() {
        List<RouteRate> unknown = List.of(new RouteRate("GET /v1/moon", 1, 1));
        assertThatThrownBy(() -> new RouteLimits(ROUTES, unknown))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'GET /v1/moon'");
        assertThatThrownBy(() -> new RouteRate("GET /v1/export", 0, 1)).isInstanceOf(IllegalArgumentException.class);
    }
}
