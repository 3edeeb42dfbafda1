package dev.sluice.shared.web;

import java.util.List;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Filters one inside the other, each asked when the one before it goes on. Spring would put a checkpoint around each: a name to
 * write, and an operator to go through with everything from there on, which takes longer than most filters do. Thread-safe.
 */
public final class NestedFilters implements WebFilter {

    private final List<WebFilter> filters;

    /** In this order, the first outside. */
    public NestedFilters(List<WebFilter> filters) {
        this.filters = List.copyOf(filters);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return from(0, exchange, chain);
    }

    private Mono<Void> from(int index, ServerWebExchange exchange, WebFilterChain chain) {
        if (index == filters.size()) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> filters.get(index).filter(exchange, next -> from(index + 1, next, chain)));
    }
}
