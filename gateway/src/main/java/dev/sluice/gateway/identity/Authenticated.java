package dev.sluice.gateway.identity;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.Principal;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/** Who an exchange was authenticated as. */
public final class Authenticated {

    private static final String ATTRIBUTE = Authenticated.class.getName();

    private Authenticated() {}

    /** The principal; empty where no key is needed. */
    public static Optional<Principal> find(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }

    /** The principal; {@link ProblemType#UNAUTHENTICATED} when there is none, so that a missing filter fails closed. */
    public static Principal of(ServerWebExchange exchange) {
        return find(exchange)
                .orElseThrow(() -> new SluiceException(ProblemType.UNAUTHENTICATED, AuthenticationFilter.ADVICE));
    }

    static void set(ServerWebExchange exchange, Principal principal) {
        exchange.getAttributes().put(ATTRIBUTE, principal);
    }
}
