package dev.sluice.gateway.admission;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.OwnPath;
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

    private static final String CHANGE = "/v1/session:change";
    private static final String LOGINS = "/v1/login-providers/";

    private final Admission admission;

    /** A filter that asks the given admission. */
    public AdmissionFilter(Admission admission) {
        this.admission = admission;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            HttpHeaders response = exchange.getResponse().getHeaders();
            Authenticated.find(exchange).ifPresent(principal -> admission.admit(principal, response));
            if (isEntrance(exchange)) {
                comeIn(exchange, response);
            }
            return chain.filter(exchange);
        });
    }

    /** What somebody does who is not in yet, and what makes a session: each costs far more than other requests. */
    private static boolean isEntrance(ServerWebExchange exchange) {
        if (OwnPath.find(exchange).isPresent()) {
            return false;
        }
        ServerHttpRequest request = exchange.getRequest();
        String path = request.getURI().getRawPath();
        boolean stranger = Authenticated.find(exchange).isEmpty();
        return HttpMethod.POST.equals(request.getMethod())
                ? stranger || CHANGE.equals(path)
                : stranger && path.startsWith(LOGINS);
    }

    private void comeIn(ServerWebExchange exchange, HttpHeaders response) {
        InetSocketAddress client = exchange.getRequest().getRemoteAddress();
        admission.admitEntrance(client == null ? null : client.getAddress(), response);
    }
}
