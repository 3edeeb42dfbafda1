package dev.sluice.gateway.access;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/**
 * What a path takes that is no part of the API, but an organization's own.
 *
 * @param organization whose it is; to others it is not there
 * @param name         in the audit log, such as {@code route:orders}
 * @param open         whether it takes no caller
 */
public record OwnPath(OrganizationId organization, String name, boolean open) {

    private static final String ATTRIBUTE = OwnPath.class.getName();

    /** What the path of an exchange takes; empty for one of the API. */
    public static Optional<OwnPath> find(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    /** For whoever finds it. */
    public void set(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
