package dev.sluice.gateway.admission;

import dev.sluice.gateway.access.Authenticated;
import java.net.InetSocketAddress;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Admits authenticated requests, and those by which people come in; stands right behind authentication. The page, which
 * anybody may look at, passes.
 */
public final class AdmissionFilter implements WebFilter {

    private final Admission admission;

    /** A filter that asks the given admission. */
    public AdmissionFilter(Admission admission) {
        this.admission = admission;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            HttpHeaders response = exchange.getResponse().getHeaders();
            Authenticated.find(exchange)
                    .ifPresentOrElse(
                            principal -> admission.admit(principal, response), () -> comeIn(exchange, response));
            return chain.filter(exchange);
        });
    }

    private void comeIn(ServerWebExchange exchange, HttpHeaders response) {
        ServerHttpRequest request = exchange.getRequest();
        if (HttpMethod.POST.equals(request.getMethod())) {
            InetSocketAddress client = request.getRemoteAddress();
            admission.admitEntrance(client == null ? null : client.getAddress(), response);
        }
    }
}
