package dev.sluice.gateway;

import dev.sluice.gateway.access.AccessTable;
import dev.sluice.gateway.access.Permission;
import dev.sluice.gateway.access.Route;
import java.util.List;
import org.springframework.http.HttpMethod;

/** All routes of the API, those of the executors included, with what each takes; the busiest first. */
final class AccessRules {

    static final List<Route> ROUTES = List.of(
            Route.executor(HttpMethod.POST, "/v1/workflows/{namespace}/{name}/runs", Permission.RUNS_START),
            Route.executor(HttpMethod.GET, "/v1/runs/{id}", Permission.RUNS_READ),
            Route.executor(HttpMethod.GET, "/v1/runs", Permission.RUNS_READ),
            Route.executor(HttpMethod.GET, "/v1/runs/{id}/events", Permission.RUNS_READ),
            Route.executor(HttpMethod.GET, "/v1/runs/{id}/journal", Permission.RUNS_READ),
            Route.executor(HttpMethod.POST, "/v1/runs/{id}:cancel", Permission.RUNS_CONTROL),
            Route.executor(HttpMethod.POST, "/v1/runs/{id}:suspend", Permission.RUNS_CONTROL),
            Route.executor(HttpMethod.POST, "/v1/runs/{id}:resume", Permission.RUNS_CONTROL),
            Route.executor(HttpMethod.POST, "/v1/runs/{id}:retry", Permission.RUNS_CONTROL),
            Route.executor(HttpMethod.POST, "/v1/runs/{id}:rerun", Permission.RUNS_CONTROL),
            Route.executor(HttpMethod.POST, "/v1/runs:retry", Permission.RUNS_CONTROL),
            Route.executor(HttpMethod.GET, "/v1/workflows", Permission.WORKFLOWS_READ),
            Route.executor(HttpMethod.POST, "/v1/workflows", Permission.WORKFLOWS_DEPLOY),
            Route.executor(HttpMethod.GET, "/v1/workflows/{namespace}/{name}", Permission.WORKFLOWS_READ),
            Route.executor(HttpMethod.GET, "/v1/workflows/{namespace}/{name}/versions", Permission.WORKFLOWS_READ),
            Route.executor(
                    HttpMethod.POST,
                    "/v1/workflows/{namespace}/{name}/versions/{version}:activate",
                    Permission.WORKFLOWS_DEPLOY),
            Route.executor(
                    HttpMethod.GET, "/v1/workflows/{namespace}/{name}/versions/{version}", Permission.WORKFLOWS_READ),
            Route.own(HttpMethod.GET, "/v1/events", Permission.EVENTS_READ),
            Route.own(HttpMethod.GET, "/v1/events/{id}", Permission.EVENTS_READ),
            Route.executor(HttpMethod.GET, "/v1/events/{id}/runs", Permission.EVENTS_READ),
            Route.executor(HttpMethod.GET, "/v1/dead-events", Permission.EVENTS_READ),
            Route.executor(HttpMethod.POST, "/v1/dead-events/{id}:retry", Permission.EVENTS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/endpoints", Permission.ENDPOINTS_READ),
            Route.own(HttpMethod.POST, "/v1/endpoints", Permission.ENDPOINTS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/routes", Permission.ROUTES_READ),
            Route.own(HttpMethod.GET, "/v1/routes/{name}", Permission.ROUTES_READ),
            Route.own(HttpMethod.PUT, "/v1/routes/{name}", Permission.ROUTES_MANAGE),
            Route.own(HttpMethod.DELETE, "/v1/routes/{name}", Permission.ROUTES_MANAGE),
            Route.own(HttpMethod.POST, "/v1/routes/{name}:purge", Permission.ROUTES_MANAGE),
            Route.own(HttpMethod.GET, "/v1/routes/{name}/versions", Permission.ROUTES_READ),
            Route.own(HttpMethod.GET, "/v1/routes/{name}/versions/{version}", Permission.ROUTES_READ),
            Route.own(HttpMethod.POST, "/v1/routes/{name}/versions/{version}:activate", Permission.ROUTES_MANAGE),
            Route.own(HttpMethod.GET, "/v1/organizations", Permission.ORGANIZATIONS_READ),
            Route.own(HttpMethod.POST, "/v1/organizations", Permission.ORGANIZATIONS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/organizations/{id}", Permission.ORGANIZATIONS_READ),
            Route.own(HttpMethod.POST, "/v1/organizations/{id}:delete", Permission.ORGANIZATIONS_DELETE),
            Route.own(HttpMethod.POST, "/v1/organizations/{id}:keep", Permission.ORGANIZATIONS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/deletions", Permission.ORGANIZATIONS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/export", Permission.ORGANIZATIONS_EXPORT),
            Route.own(HttpMethod.GET, "/v1/members", Permission.MEMBERS_READ),
            Route.own(HttpMethod.GET, "/v1/members/{id}", Permission.MEMBERS_READ),
            Route.own(HttpMethod.PUT, "/v1/members/{id}", Permission.MEMBERS_MANAGE),
            Route.own(HttpMethod.DELETE, "/v1/members/{id}", Permission.MEMBERS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/members/{id}/export", Permission.ORGANIZATIONS_EXPORT),
            Route.own(HttpMethod.POST, "/v1/members/{id}:reset", Permission.MEMBERS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/roles", Permission.MEMBERS_READ),
            Route.own(HttpMethod.PUT, "/v1/roles/{name}", Permission.ROLES_MANAGE),
            Route.own(HttpMethod.DELETE, "/v1/roles/{name}", Permission.ROLES_MANAGE),
            Route.own(HttpMethod.GET, "/v1/invitations", Permission.MEMBERS_MANAGE),
            Route.own(HttpMethod.POST, "/v1/invitations", Permission.MEMBERS_MANAGE),
            Route.own(HttpMethod.DELETE, "/v1/invitations/{id}", Permission.MEMBERS_MANAGE),
            Route.person(HttpMethod.GET, "/v1/session"),
            Route.person(HttpMethod.DELETE, "/v1/session"),
            Route.person(HttpMethod.POST, "/v1/session:change"),
            Route.person(HttpMethod.GET, "/v1/sessions"),
            Route.person(HttpMethod.DELETE, "/v1/sessions/{id}"),
            Route.person(HttpMethod.PUT, "/v1/account/password"),
            Route.person(HttpMethod.POST, "/v1/account/second-factor"),
            Route.person(HttpMethod.POST, "/v1/account/second-factor:confirm"),
            Route.person(HttpMethod.POST, "/v1/account/second-factor:remove"),
            Route.person(HttpMethod.POST, "/v1/account/invitations"),
            Route.person(HttpMethod.POST, "/v1/account:delete"),
            Route.person(HttpMethod.GET, "/v1/account/export"),
            Route.person(HttpMethod.GET, "/v1/account/consents"),
            Route.person(HttpMethod.POST, "/v1/account/consents"),
            Route.person(HttpMethod.DELETE, "/v1/account/consents/{purpose}"),
            Route.person(HttpMethod.GET, "/v1/account/logins"),
            Route.person(HttpMethod.DELETE, "/v1/account/logins/{id}"),
            Route.own(HttpMethod.GET, "/v1/api-keys", Permission.KEYS_READ),
            Route.own(HttpMethod.POST, "/v1/api-keys", Permission.KEYS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/api-keys/{id}", Permission.KEYS_READ),
            Route.own(HttpMethod.DELETE, "/v1/api-keys/{id}", Permission.KEYS_MANAGE),
            Route.own(HttpMethod.POST, "/v1/api-keys/{id}:rotate", Permission.KEYS_MANAGE),
            Route.executor(HttpMethod.GET, "/v1/shares/{organization}", Permission.SHARES_READ),
            Route.executor(HttpMethod.PUT, "/v1/shares/{organization}", Permission.SHARES_MANAGE),
            Route.executor(HttpMethod.DELETE, "/v1/shares/{organization}", Permission.SHARES_MANAGE),
            Route.own(HttpMethod.POST, "/v1/usage", Permission.USAGE_REPORT),
            Route.own(HttpMethod.GET, "/v1/quotas", Permission.QUOTAS_READ),
            Route.own(HttpMethod.GET, "/v1/organizations/{id}/quotas", Permission.QUOTAS_READ),
            Route.own(HttpMethod.PUT, "/v1/organizations/{id}/quotas", Permission.QUOTAS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/plans", Permission.QUOTAS_MANAGE),
            Route.own(HttpMethod.PUT, "/v1/plans/{name}", Permission.QUOTAS_MANAGE),
            Route.own(HttpMethod.DELETE, "/v1/plans/{name}", Permission.QUOTAS_MANAGE),
            Route.own(HttpMethod.GET, "/v1/pressure", Permission.PRESSURE_READ),
            Route.own(HttpMethod.GET, "/v1/audit", Permission.AUDIT_READ),
            Route.own(HttpMethod.GET, "/v1/audit/export", Permission.AUDIT_READ),
            Route.own(HttpMethod.GET, "/v1/audit/verification", Permission.AUDIT_READ));

    private AccessRules() {}

    static AccessTable table() {
        return new AccessTable(ROUTES);
    }
}
