package dev.sluice.gateway.routing;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.telemetry.TraceParent;
import dev.sluice.shared.web.RequestIdentity;
import java.net.URI;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/**
 * Replaces what a client says about itself by what the gateway knows: removes every {@code Authorization} and
 * {@code Sluice-Identity} and puts an assertion there, bound to method and target as they go over the wire. Request
 * trailers are not passed on at all.
 */
public final class IdentityHeadersFilter implements HttpHeadersFilter, Ordered {

    private final IdentityAssertion assertion;

    /** A filter that signs with the given key. */
    public IdentityHeadersFilter(IdentityAssertion assertion) {
        this.assertion = assertion;
    }

    @Override
    public HttpHeaders filter(HttpHeaders input, ServerWebExchange exchange) {
        HttpHeaders headers = new HttpHeaders();
        headers.addAll(input);
        headers.remove(HttpHeaders.AUTHORIZATION);
        headers.remove(HttpHeaders.COOKIE);
        String method = exchange.getRequest().getMethod().name();
        headers.set(IdentityAssertion.HEADER, assertion.sign(Authenticated.of(exchange), method, target(exchange)));
        RequestIdentity identity = RequestIdentity.of(exchange);
        headers.set(RequestIdentity.HEADER, identity.requestId());
        headers.set(TraceParent.HEADER, identity.trace().toString());
        return headers;
    }

    /** Last of all header filters: nothing that another one adds gets past it. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    private static String target(ServerWebExchange exchange) {
        URI uri = exchange.getRequiredAttribute(ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR);
        URI sent = URI.create(uri.toASCIIString());
        return sent.getRawQuery() == null ? sent.getRawPath() : sent.getRawPath() + "?" + sent.getRawQuery();
    }
}
