package dev.sluice.gateway.audit;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.RequestIdentity;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Where a change comes from; travels in the Reactor context.
 *
 * @param actor   whose request it is, such as {@code api-key:…}
 * @param address of the client, as the connection has it
 */
record Origin(OrganizationId organization, String actor, String requestId, String address) {

    private static final Object KEY = Origin.class;
    private static final String UNKNOWN = "unknown";

    /** Of a request whose caller is known. */
    static Origin of(ServerWebExchange exchange) {
        Caller caller = Authenticated.caller(exchange);
        String address = Optional.ofNullable(exchange.getRequest().getRemoteAddress())
                .map(InetSocketAddress::getAddress)
                .map(found -> found.getHostAddress())
                .orElse(UNKNOWN);
        return new Origin(
                caller.principal().organization(),
                caller.actor(),
                RequestIdentity.of(exchange).requestId(),
                address);
    }

    Context in(Context context) {
        return context.put(KEY, this);
    }

    /** Of the request that a subscriber works for; a change without one is a defect, and is not made. */
    static Origin of(ContextView context) {
        return context.<Origin>getOrEmpty(KEY)
                .orElseThrow(() -> new IllegalStateException("a change outside of a request"));
    }
}
