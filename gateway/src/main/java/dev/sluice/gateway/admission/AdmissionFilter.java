package dev.sluice.gateway.admission;

import dev.sluice.gateway.access.Authenticated;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Admits authenticated requests; stands right behind authentication. What needs no key passes. */
public final class AdmissionFilter implements WebFilter {

    private final Admission admission;

    /** A filter that asks the given admission. */
    public AdmissionFilter(Admission admission) {
        this.admission = admission;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            Authenticated.find(exchange)
                    .ifPresent(principal ->
                            admission.admit(principal, exchange.getResponse().getHeaders()));
            return chain.filter(exchange);
        });
    }
}
