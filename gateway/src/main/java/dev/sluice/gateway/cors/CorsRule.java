package dev.sluice.gateway.cors;

import java.time.Duration;
import java.util.Set;

/**
 * What pages of other origins may do.
 *
 * @param methods of requests
 * @param headers of requests, in lower case; those that need no leave are not among them
 * @param expose  headers of answers that they may read besides the gateway's own
 * @param maxAge  for which a browser need not ask again
 */
record CorsRule(Origins origins, Set<String> methods, Set<String> headers, Set<String> expose, Duration maxAge) {

    static final Duration LONGEST = Duration.ofDays(1);
    static final Duration DEFAULT_MAX_AGE = Duration.ofMinutes(10);

    CorsRule {
        methods = Set.copyOf(methods);
        headers = Set.copyOf(headers);
        expose = Set.copyOf(expose);
    }

    boolean allows(String origin, String method) {
        return origins.contain(origin) && methods.contains(method);
    }
}
