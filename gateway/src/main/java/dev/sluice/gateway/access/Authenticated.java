package dev.sluice.gateway.access;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.Principal;
import java.util.Optional;
import org.springframework.web.server.ServerWebExchange;

/** Who an exchange was authenticated as. */
public final class Authenticated {

    /** What a caller who is not known is told. */
    public static final String ADVICE =
            "Send an API key, or the session of somebody who has logged in, as 'Authorization: Bearer <key>'.";

    private static final String ATTRIBUTE = Authenticated.class.getName();

    private Authenticated() {}

    /** The principal; empty where no key is needed. */
    public static Optional<Principal> find(ServerWebExchange exchange) {
        return findCaller(exchange).map(Caller::principal);
    }

    /** The principal; {@link ProblemType#UNAUTHENTICATED} when there is none, so that a missing filter fails closed. */
    public static Principal of(ServerWebExchange exchange) {
        return caller(exchange).principal();
    }

    /** The same with what they may do. */
    public static Caller caller(ServerWebExchange exchange) {
        return findCaller(exchange).orElseThrow(() -> new SluiceException(ProblemType.UNAUTHENTICATED, ADVICE));
    }

    /** For whoever authenticates. */
    public static void set(ServerWebExchange exchange, Caller caller) {
        exchange.getAttributes().put(ATTRIBUTE, caller);
    }

    /** The caller; empty where no key is needed. */
    public static Optional<Caller> findCaller(ServerWebExchange exchange) {
        return Optional.ofNullable(exchange.getAttribute(ATTRIBUTE));
    }
}
