package dev.sluice.gateway.access;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.web.WrongMethod;
import org.springframework.http.HttpMethod;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets a caller pass who has the permission of the route; the others get 403 and are told what they lack. Paths and methods
 * that the table does not have are answered with 404 and 405 here. Stands behind authentication, and behind admission, so
 * that who tries doors is slowed down too. What needs no caller passes.
 */
public final class AccessFilter implements WebFilter {

    private final AccessTable table;

    /** A filter that goes by the table. */
    public AccessFilter(AccessTable table) {
        this.table = table;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        return Mono.defer(() -> {
            Authenticated.findCaller(exchange)
                    .ifPresent(caller -> OwnPath.find(exchange)
                            .ifPresentOrElse(own -> check(caller, own), () -> check(caller, exchange)));
            return chain.filter(exchange);
        });
    }

    private static void check(Caller caller, OwnPath own) {
        if (!own.organization().equals(caller.principal().organization())) {
            throw SluiceException.notFound("This path");
        }
        require(caller, Permission.ROUTES_CALL);
    }

    private void check(Caller caller, ServerWebExchange exchange) {
        var request = exchange.getRequest();
        switch (table.find(request.getMethod(), request.getPath().pathWithinApplication())) {
            case AccessTable.Answer.Found(Route route) -> {
                route.set(exchange);
                Permission permission = route.permission();
                if (permission == null) {
                    requirePerson(caller);
                } else {
                    require(caller, permission);
                }
            }
            case AccessTable.Answer.OtherMethods(var methods) ->
                throw WrongMethod.of(exchange.getResponse(), methods.toArray(HttpMethod[]::new));
            case AccessTable.Answer.NoSuchPath() -> throw SluiceException.notFound("This path");
        }
    }

    private static void require(Caller caller, Permission permission) {
        if (!caller.may(permission)) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN, "This takes the permission '" + permission + "', which you lack.");
        }
    }

    private static void requirePerson(Caller caller) {
        if (caller.session() == null) {
            throw new SluiceException(
                    ProblemType.FORBIDDEN,
                    "This is for people who have logged in; keys and tokens are nobody's account.");
        }
    }
}
