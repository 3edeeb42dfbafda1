package dev.sluice.gateway.cors;

import dev.sluice.gateway.admission.Admission;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Answers what browsers ask before they send a page's request (the Fetch standard's CORS-preflight request), as often as an
 * address may ask: anybody can, and whoever asks is nobody yet.
 */
final class Preflights {

    /** Of the API. */
    static final Set<String> METHODS = new LinkedHashSet<>(List.of("GET", "HEAD", "POST", "PUT", "DELETE"));

    private static final String ANYBODY = "*";

    private static final String API_HEADERS =
            "Accept, Authorization, Cache-Control, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID,"
                    + " Prefer, Traceparent, Tracestate, X-Request-Id";

    private static final Pattern COMMA = Pattern.compile(",");

    private final Admission admission;

    Preflights(Admission admission) {
        this.admission = admission;
    }

    /** The same for all origins, and for all organizations: it tells nothing of any. */
    Mono<Void> answerForApi(ServerWebExchange exchange) {
        return Mono.defer(() -> {
            admit(exchange);
            HttpHeaders answer = exchange.getResponse().getHeaders();
            answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY);
            return write(exchange, METHODS, API_HEADERS, CorsRule.DEFAULT_MAX_AGE.toSeconds());
        });
    }

    /** Below an organization's path, by its rule; an error {@code FORBIDDEN} for what it does not allow. */
    Mono<Void> answer(ServerWebExchange exchange, String origin, CorsRule rule) {
        return Mono.defer(() -> {
            admit(exchange);
            ServerHttpRequest request = exchange.getRequest();
            HttpHeaders answer = exchange.getResponse().getHeaders();
            CrossOrigin.vary(answer);
            answer.add(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
            answer.add(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
            requireAllowed(request.getHeaders(), origin, rule);
            answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            return write(
                    exchange,
                    new TreeSet<>(rule.methods()),
                    String.join(", ", new TreeSet<>(rule.headers())),
                    rule.maxAge().toSeconds());
        });
    }

    private void admit(ServerWebExchange exchange) {
        InetSocketAddress client = exchange.getRequest().getRemoteAddress();
        admission.admitPreflight(
                client == null ? null : client.getAddress(),
                exchange.getResponse().getHeaders());
    }

    private static void requireAllowed(HttpHeaders request, String origin, CorsRule rule) {
        String method = request.getFirst(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        if (!rule.origins().contain(origin)) {
            throw refused("The organization lets no page of this origin call.");
        }
        if (method == null || !rule.methods().contains(method)) {
            throw refused("The organization lets no page of another origin use this method.");
        }
        if (!names(request.getOrEmpty(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS))
                .allMatch(rule.headers()::contains)) {
            throw refused("The organization lets no page of another origin send one of these headers.");
        }
    }

    private static Stream<String> names(List<String> lines) {
        return lines.stream()
                .flatMap(COMMA::splitAsStream)
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty());
    }

    private static SluiceException refused(String detail) {
        return new SluiceException(ProblemType.FORBIDDEN, detail);
    }

    private static Mono<Void> write(
            ServerWebExchange exchange, Collection<String> methods, String headers, long maxAgeSeconds) {
        ServerHttpResponse response = exchange.getResponse();
        HttpHeaders answer = response.getHeaders();
        answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", methods));
        answer.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
        answer.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, Long.toString(maxAgeSeconds));
        response.setStatusCode(HttpStatus.NO_CONTENT);
        return response.setComplete();
    }
}
