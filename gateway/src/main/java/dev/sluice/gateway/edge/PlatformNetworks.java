package dev.sluice.gateway.edge;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.Principal.Scope;
import java.net.InetSocketAddress;
import java.util.List;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Takes keys with platform scope from certain networks only, where the settings name some: such a key is good for everything,
 * and for nothing in a stranger's hands. Stands behind authentication, and where refusals are recorded.
 */
public final class PlatformNetworks implements WebFilter {

    private final List<Network> networks;

    /** As the settings say. */
    public PlatformNetworks(EdgeSettings settings) {
        this.networks = Network.allOf(settings.platformNetworks());
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            Authenticated.findCaller(exchange).filter(this::isBound).ifPresent(caller -> requireNear(exchange));
            return chain.filter(exchange);
        });
    }

    private boolean isBound(Caller caller) {
        return !networks.isEmpty() && caller.principal().scope() == Scope.PLATFORM;
    }

    private void requireNear(ServerWebExchange exchange) {
        InetSocketAddress client = exchange.getRequest().getRemoteAddress();
        if (client == null || client.getAddress() == null || !Network.anyHas(networks, client.getAddress())) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN,
                    "Keys with platform scope are not taken from where this request comes from.");
        }
    }
}
