package dev.sluice.gateway.member;

import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;

/** The paths of members, roles and invitations. */
public final class MemberRoutes {

    private MemberRoutes() {}

    /** The routes in front of the services. */
    public static RouterFunction<ServerResponse> of(
            MemberService members, ResetService resets, RoleService roles, InvitationService invitations) {
        MemberHandler member = new MemberHandler(members, resets);
        RoleHandler role = new RoleHandler(roles);
        InvitationHandler invitation = new InvitationHandler(invitations);
        return RouterFunctions.route()
                .GET("/v1/members", member::list)
                .GET("/v1/members/{id}", member::show)
                .PUT("/v1/members/{id}", member::setRole)
                .DELETE("/v1/members/{id}", member::remove)
                .POST("/v1/members/{id}:reset", member::reset)
                .POST("/v1/account/password:reset", member::useReset)
                .GET("/v1/roles", role::list)
                .PUT("/v1/roles/{name}", role::put)
                .DELETE("/v1/roles/{name}", role::delete)
                .POST("/v1/invitations", invitation::invite)
                .GET("/v1/invitations", invitation::list)
                .DELETE("/v1/invitations/{id}", invitation::takeBack)
                .POST("/v1/invitations:accept", invitation::accept)
                .POST("/v1/account/invitations", invitation::join)
                .build();
    }
}
