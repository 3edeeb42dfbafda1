package dev.sluice.gateway.audit;

import dev.sluice.gateway.access.Authenticated;
import dev.sluice.gateway.access.Caller;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.web.RequestIdentity;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Where a change comes from; travels in the Reactor context.
 *
 * @param by      whose request it is; absent while nobody knows
 * @param address of the client, as the connection has it
 */
record Origin(@Nullable Author by, String requestId, String address) {

    private static final Object KEY = Origin.class;
    private static final String UNKNOWN = "unknown";
    private static final String ITSELF = "sluice";

    /**
     * Somebody who changes something in an organization.
     *
     * @param actor such as {@code api-key:…}
     */
    record Author(OrganizationId organization, String actor) {}

    /** Of a request. */
    static Origin of(ServerWebExchange exchange) {
        String address = Optional.ofNullable(exchange.getRequest().getRemoteAddress())
                .map(InetSocketAddress::getAddress)
                .map(found -> found.getHostAddress())
                .orElse(UNKNOWN);
        Author by = Authenticated.findCaller(exchange).map(Origin::author).orElse(null);
        return new Origin(by, RequestIdentity.of(exchange).requestId(), address);
    }

    /** Of what nobody asked for. */
    static Origin ofItself(OrganizationId organization) {
        return new Origin(new Author(organization, ITSELF), UNKNOWN, UNKNOWN);
    }

    private static Author author(Caller caller) {
        return new Author(caller.principal().organization(), caller.actor());
    }

    /** The same request, and who it turned out to be. */
    Origin by(OrganizationId organization, String actor) {
        return new Origin(new Author(organization, actor), requestId, address);
    }

    /** Who it is; a change by nobody is a defect, and is not made. */
    Author author() {
        if (by == null) {
            throw new IllegalStateException("a change by nobody");
        }
        return by;
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
