package dev.sluice.gateway.admission;

import dev.sluice.gateway.access.Route;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Which routes of the API have a limit of their own, for each organization. Immutable. */
public final class RouteLimits {

    /** Those that read whole tables: one in ten seconds, ten at once. */
    static final List<RouteRate> DEFAULTS = Stream.of(
                    "GET /v1/export",
                    "GET /v1/members/{id}/export",
                    "GET /v1/account/export",
                    "GET /v1/audit/export",
                    "GET /v1/audit/verification")
            .map(route -> new RouteRate(route, 0.1, 10))
            .toList();

    private final IdentityHashMap<Route, Limit> limits = new IdentityHashMap<>();

    /**
     * Limits of some of these routes; a route that is not among them is an {@link IllegalArgumentException}.
     *
     * @param own take the place of the defaults of the same route
     */
    public RouteLimits(List<Route> routes, List<RouteRate> own) {
        Map<String, RouteRate> rates = new LinkedHashMap<>();
        Stream.concat(DEFAULTS.stream(), own.stream()).forEach(rate -> rates.put(rate.route(), rate));
        rates.forEach((name, rate) -> limits.put(route(routes, name), Limit.of(name, rate.limit())));
    }

    /**
     * The limit of a route.
     *
     * @param id the same on all gateways
     */
    record Limit(UUID id, Rate rate) {

        static Limit of(String name, Rate rate) {
            return new Limit(UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)), rate);
        }
    }

    /** By identity: routes are those of the one table. */
    Optional<Limit> find(Route route) {
        return Optional.ofNullable(limits.get(route));
    }

    private static Route route(List<Route> routes, String name) {
        return routes.stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("sluice.admission.routes: '" + name
                        + "' (expected: a route of the API, such as 'POST /v1/workflows')"));
    }
}
