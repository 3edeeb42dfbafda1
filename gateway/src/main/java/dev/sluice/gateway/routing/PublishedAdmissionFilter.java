package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.published.Passage;
import dev.sluice.gateway.published.RouteLimits;
import java.net.InetSocketAddress;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Admits what goes by a published route within that route's own limits; whoever is known was admitted as that before, and
 * whoever is not, as one of those that the organization is open to.
 */
public final class PublishedAdmissionFilter implements WebFilter {

    private final Admission admission;

    /** A filter that asks the given admission. */
    public PublishedAdmissionFilter(Admission admission) {
        this.admission = admission;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            Passage.find(exchange).ifPresent(passage -> admit(passage, exchange));
            return chain.filter(exchange);
        });
    }

    private void admit(Passage passage, ServerWebExchange exchange) {
        HttpHeaders response = exchange.getResponse().getHeaders();
        if (Authenticated.find(exchange).isEmpty()) {
            admission.admitAnybody(passage.organization(), response);
        }
        RouteLimits limits = passage.route().limits();
        InetSocketAddress client = exchange.getRequest().getRemoteAddress();
        admission.admitThrough(
                passage.id(), limits.route(), client == null ? null : client.getAddress(), limits.client(), response);
    }
}
