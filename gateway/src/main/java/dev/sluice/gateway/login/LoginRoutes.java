package dev.sluice.gateway.login;

import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.tenancy.OrganizationId;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of logins without a password. */
public final class LoginRoutes {

    private LoginRoutes() {}

    /**
     * The routes in front of the services.
     *
     * @param home         whose data key seals what browsers keep
     * @param secureCookie whether they may send it over TLS only
     */
    public static RouterFunction<ServerResponse> of(
            ProviderLogins logins,
            LoginLinks links,
            AccountLogins account,
            SessionCookie sessions,
            Vault vault,
            OrganizationId home,
            boolean secureCookie) {
        LoginHandler handler =
                new LoginHandler(logins, account, new FlowCookie(vault, home, secureCookie), sessions, links);
        return RouterFunctions.route()
                .GET("/v1/login-providers", handler::providers)
                .POST("/v1/login-providers/{provider}:begin", handler::begin)
                .GET("/v1/login-providers/{provider}/callback", handler::callback)
                .POST("/v1/login-links", handler::sendLink)
                .GET("/v1/account/logins", handler::list)
                .DELETE("/v1/account/logins/{id}", handler::remove)
                .build();
    }
}
