package dev.sluice.gateway.cors;

import dev.sluice.gateway.request.OwnOrigin;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;

/** What tells a request of another origin's page, and the headers that answer one. */
final class CrossOrigin {

    private static final String ATTRIBUTE = CrossOrigin.class.getName();
    private static final String PREFIX = "access-control-";
    private static final String SEVERAL = "";

    /** What a program needs of the gateway's own headers. */
    private static final String EXPOSED =
            "Cache-Status, Deprecation, ETag, Link, Location, RateLimit, RateLimit-Policy,"
                    + " Retry-After, Sunset, WWW-Authenticate, X-Request-Id";

    private CrossOrigin() {}

    /** The origin of the page that sends a request; no origin at all when two are said. Empty for this very site's. */
    static Optional<String> of(ServerHttpRequest request) {
        List<String> origins = request.getHeaders().getOrEmpty(HttpHeaders.ORIGIN);
        if (origins.isEmpty() || OwnOrigin.isSaid(request, false)) {
            return Optional.empty();
        }
        return Optional.of(origins.size() == 1 ? origins.getFirst() : SEVERAL);
    }

    static boolean isPreflight(ServerHttpRequest request) {
        return HttpMethod.OPTIONS.equals(request.getMethod())
                && request.getHeaders().containsHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** The origin whose request to the API is still to be allowed by its caller's organization. */
    static Optional<String> find(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    static void set(ServerWebExchange exchange, String origin) {
        exchange.getAttributes().put(ATTRIBUTE, origin);
    }

    /** Whether it came with what a program sends, and not with what a browser keeps. */
    static boolean hasCredentials(ServerWebExchange exchange) {
        return exchange.getRequest().getHeaders().containsHeader(HttpHeaders.AUTHORIZATION);
    }

    /** Instead of whatever an upstream says about it. */
    static void clear(HttpHeaders answer) {
        answer.headerNames().stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(PREFIX))
                .toList()
                .forEach(answer::remove);
        vary(answer);
    }

    static void vary(HttpHeaders answer) {
        boolean said = answer.getOrEmpty(HttpHeaders.VARY).stream().anyMatch(HttpHeaders.ORIGIN::equalsIgnoreCase);
        if (!said) {
            answer.add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
    }

    /** Has the page read the answer. Never with a cookie: that would take another header, which nobody gets. */
    static void show(HttpHeaders answer, String origin, String more) {
        answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        answer.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, more.isEmpty() ? EXPOSED : EXPOSED + ", " + more);
    }
}
