package dev.sluice.gateway.published;

import dev.sluice.shared.outbound.OutboundProtocol;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a path leads, and on which terms: one version of a route.
 *
 * @param path     below the organization's own
 * @param methods  that are let through; empty for all
 * @param upstream the address that requests go to, http or https, without query
 * @param protocol what is spoken there
 * @param strip    whether the upstream's path takes the place of the fixed segments the route's path begins with
 * @param open     whether it takes no credentials of ours; those that are sent are the upstream's then
 * @param timeout  until the head of the answer, and between any two parts of its body
 * @param retries  how often a request is sent again at most that cannot have had an effect
 * @param request  what is done to the request's headers
 * @param secrets  headers of the request that nobody is shown; names in lower case
 * @param response what is done to the answer's headers
 * @param cache    absent for no keeping of answers
 * @param deprecation absent for a route that is to stay
 */
public record PublishedRoute(
        RoutePath path,
        Set<String> methods,
        URI upstream,
        OutboundProtocol protocol,
        boolean strip,
        boolean open,
        RouteLimits limits,
        Duration timeout,
        int retries,
        HeaderEdits request,
        Map<String, String> secrets,
        HeaderEdits response,
        @Nullable CacheRule cache,
        @Nullable RouteDeprecation deprecation) {

    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);
    static final int MAX_RETRIES = 3;

    /** A connection that was kept may have been closed at its other end just when something was sent. */
    static final int DEFAULT_RETRIES = 1;

    public PublishedRoute {
        methods = Set.copyOf(methods);
        secrets = Map.copyOf(secrets);
    }

    /**
     * The path at the upstream.
     *
     * @param rest of the request's path, behind the organization; one that agrees with the route's
     */
    public String target(String rest) {
        String kept = strip ? behind(rest, path.fixed()) : rest;
        String base = upstream.getRawPath();
        String whole = (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + kept;
        return whole.isEmpty() ? "/" : whole;
    }

    private static String behind(String rest, int segments) {
        int at = 0;
        for (int i = 0; i < segments && at >= 0; i++) {
            at = rest.indexOf('/', at + 1);
        }
        return at < 0 ? "" : rest.substring(at);
    }

    PublishedRoute withSecrets(Map<String, String> opened) {
        return new PublishedRoute(
                path,
                methods,
                upstream,
                protocol,
                strip,
                open,
                limits,
                timeout,
                retries,
                request,
                opened,
                response,
                cache,
                deprecation);
    }
}
