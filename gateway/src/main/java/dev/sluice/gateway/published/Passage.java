package dev.sluice.gateway.published;

import dev.sluice.shared.tenancy.OrganizationId;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.server.ServerWebExchange;

/**
 * A published route as requests go through it on this node.
 *
 * @param id      of the route in all its versions
 * @param version unlike that of any other version of any route, and of the same version after a purge
 * @param state   what the requests of this version share
 */
public record Passage(
        OrganizationId organization, String name, UUID id, String version, PublishedRoute route, PassageState state) {

    private static final String ATTRIBUTE = Passage.class.getName();

    /** The passage that an exchange takes; empty for one that takes none. */
    public static Optional<Passage> find(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    /** For whoever finds it. */
    public void set(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    /** Whether the method is one that it lets through; where none is named, all but those that are about the way itself. */
    public boolean takes(String method) {
        return route.methods().isEmpty()
                ? !RouteJson.NO_METHODS.contains(method)
                : route.methods().contains(method);
    }
}
