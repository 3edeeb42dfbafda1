package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.admission.Exchanges;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Passes on no more of one organization's exchanges at once than it may have, from the request to the response's end. */
public final class ExchangeLimitFilter implements GlobalFilter, Ordered {

    /** Before anything reads a body or asks for a connection. */
    static final int ORDER = UpstreamErrorFilter.ORDER + 1;

    private final Exchanges exchanges;

    /** A filter that counts among the given exchanges. */
    public ExchangeLimitFilter(Exchanges exchanges) {
        this.exchanges = exchanges;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return exchanges.within(Authenticated.of(exchange).organization(), chain.filter(exchange));
    }

    @Override
    public int getOrder() {
        return ORDER;
    }
}
