package dev.sluice.gateway.deprecation;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Tells with each answer of a deprecated operation that it is one, with errors too, and counts its requests. Stands in front of
 * all that answers. What is not deprecated, which is nearly all, costs a look at an empty list.
 */
public final class DeprecationFilter implements WebFilter {

    private final Deprecations deprecations;
    private final DeprecationMeter meter;

    /** A filter that goes by these. */
    public DeprecationFilter(Deprecations deprecations, DeprecationMeter meter) {
        this.deprecations = deprecations;
        this.meter = meter;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (!deprecations.all().isEmpty()) {
            ServerHttpRequest request = exchange.getRequest();
            deprecations
                    .find(request.getMethod(), request.getPath().pathWithinApplication())
                    .ifPresent(operation -> announce(operation, exchange));
        }
        return chain.filter(exchange);
    }

    private void announce(Deprecations.Operation operation, ServerWebExchange exchange) {
        HttpHeaders answer = exchange.getResponse().getHeaders();
        exchange.getResponse()
                .beforeCommit(
                        () -> Mono.fromRunnable(() -> operation.deprecation().announce(answer)));
        meter.used(operation.id());
    }
}
