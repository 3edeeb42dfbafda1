package dev.sluice.gateway.account;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of a person's own account. */
public final class AccountRoutes {

    private AccountRoutes() {}

    /** The routes in front of the service. */
    public static RouterFunction<ServerResponse> of(AccountService service) {
        AccountHandler handler = new AccountHandler(service);
        return RouterFunctions.route()
                .PUT("/v1/account/password", handler::changePassword)
                .POST("/v1/account/second-factor", handler::beginSecondFactor)
                .POST("/v1/account/second-factor:confirm", handler::confirmSecondFactor)
                .POST("/v1/account/second-factor:remove", handler::removeSecondFactor)
                .POST("/v1/account:delete", handler::delete)
                .build();
    }
}
