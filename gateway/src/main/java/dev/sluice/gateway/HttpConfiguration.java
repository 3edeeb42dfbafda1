package dev.sluice.gateway;

import dev.sluice.gateway.access.AccessFilter;
import dev.sluice.gateway.account.AccountRoutes;
import dev.sluice.gateway.account.AccountService;
import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.admission.AdmissionFilter;
import dev.sluice.gateway.admission.Exchanges;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.audit.AuditFilter;
import dev.sluice.gateway.audit.AuditRoutes;
import dev.sluice.gateway.dashboard.DashboardRoutes;
import dev.sluice.gateway.edge.EdgeHandler;
import dev.sluice.gateway.edge.EdgeLimits;
import dev.sluice.gateway.edge.EdgeSettings;
import dev.sluice.gateway.edge.PlatformNetworks;
import dev.sluice.gateway.executor.ExecutorHttp;
import dev.sluice.gateway.executor.ExecutorSettings;
import dev.sluice.gateway.identity.AuthenticationFilter;
import dev.sluice.gateway.identity.OrganizationRoutes;
import dev.sluice.gateway.identity.OrganizationService;
import dev.sluice.gateway.ingress.EndpointService;
import dev.sluice.gateway.ingress.EventService;
import dev.sluice.gateway.ingress.Ingestion;
import dev.sluice.gateway.ingress.IngressRoutes;
import dev.sluice.gateway.ingress.IngressSettings;
import dev.sluice.gateway.ingress.WebhookDoor;
import dev.sluice.gateway.key.KeyRoutes;
import dev.sluice.gateway.key.KeyService;
import dev.sluice.gateway.key.Keys;
import dev.sluice.gateway.member.InvitationService;
import dev.sluice.gateway.member.MemberRoutes;
import dev.sluice.gateway.member.MemberService;
import dev.sluice.gateway.member.ResetService;
import dev.sluice.gateway.member.RoleService;
import dev.sluice.gateway.openapi.OpenApiRoutes;
import dev.sluice.gateway.pressure.PressureView;
import dev.sluice.gateway.routing.BodyLimitFilter;
import dev.sluice.gateway.routing.EventStreamFilter;
import dev.sluice.gateway.routing.ExchangeLimitFilter;
import dev.sluice.gateway.routing.ExecutorRoutes;
import dev.sluice.gateway.routing.IdentityHeadersFilter;
import dev.sluice.gateway.routing.RevocableStreams;
import dev.sluice.gateway.routing.RoutingSettings;
import dev.sluice.gateway.routing.UpstreamErrorFilter;
import dev.sluice.gateway.session.DeviceCookie;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.gateway.session.SessionRoutes;
import dev.sluice.gateway.session.SessionService;
import dev.sluice.gateway.session.Sessions;
import dev.sluice.gateway.token.Tokens;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.service.OpenStreams;
import dev.sluice.shared.service.Startup;
import dev.sluice.shared.web.KeepReading;
import dev.sluice.shared.web.ProblemExceptionHandler;
import dev.sluice.shared.web.RequestIdentityFilter;
import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;
import reactor.netty.http.client.HttpClient;

/** HTTP, from the socket to the features. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration {

    /**
     * The filters are put together here and are no beans: the management port, whose context inherits all filter beans,
     * must answer without a key. Nor is the door one: Boot takes the one bean of its type.
     */
    @Bean
    HttpHandler httpHandler(
            ApplicationContext context,
            EndpointService endpoints,
            Ingestion ingestion,
            IngressSettings ingress,
            Keys keys,
            Sessions sessions,
            SessionCookie cookie,
            Tokens tokens,
            Admission admission,
            Audit audit,
            Startup startup,
            EdgeSettings edge) {
        List<WebFilter> first = List.of(
                new RequestIdentityFilter(),
                new AuthenticationFilter(keys, sessions, cookie, tokens),
                new AdmissionFilter(admission),
                new AuditFilter(audit),
                new PlatformNetworks(edge),
                new AccessFilter(AccessRules.table()));
        HttpHandler api = WebHttpHandlerBuilder.applicationContext(context)
                .filters(filters -> filters.addAll(0, first))
                .observationRegistry(ObservationRegistry.NOOP)
                .build();
        WebhookDoor door = new WebhookDoor(endpoints, admission, ingestion, ingress.maxBody());
        return new EdgeHandler(door, api, startup::done, edge);
    }

    /** On the management port too, which inherits it. */
    @Bean
    NettyServerCustomizer keepReading() {
        return KeepReading::on;
    }

    /** Not a customizer of the server itself: the management port would inherit one, and probes must get through. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> edgeLimits(EdgeSettings edge) {
        EdgeLimits limits = new EdgeLimits(edge);
        return factory -> factory.addServerCustomizers(limits::applyTo);
    }

    /** A bean, so that the management port answers problems too. */
    @Bean
    ProblemExceptionHandler problemExceptionHandler() {
        return new ProblemExceptionHandler();
    }

    @Bean
    RouterFunction<ServerResponse> people(
            MemberService members,
            ResetService resets,
            RoleService roles,
            InvitationService invitations,
            SessionService sessions,
            AccountService accounts,
            SessionCookie cookie,
            DeviceCookie device) {
        return MemberRoutes.of(members, resets, roles, invitations)
                .and(SessionRoutes.of(sessions, cookie, device))
                .and(AccountRoutes.of(accounts));
    }

    @Bean
    RouterFunction<ServerResponse> routes(
            OrganizationService organizations,
            KeyService keys,
            EndpointService endpoints,
            EventService events,
            IngressSettings ingress,
            Audit audit,
            PressureView pressure) {
        return OrganizationRoutes.of(organizations)
                .and(KeyRoutes.of(keys))
                .and(IngressRoutes.of(endpoints, events, ingress.publicUrl()))
                .and(AuditRoutes.of(audit))
                .and(pressure.routes())
                .and(OpenApiRoutes.of(AccessRules.ROUTES))
                .and(DashboardRoutes.of());
    }

    @Bean
    RouteLocator executorRoutes(RouteLocatorBuilder builder, ExecutorSettings settings) {
        return ExecutorRoutes.of(builder, settings);
    }

    /** Takes the place of the client that Spring Cloud Gateway would make, which is unbounded and speaks HTTP/1.1. */
    @Bean
    HttpClient executorHttpClient(ExecutorHttp http) {
        return http.client();
    }

    @Bean
    IdentityHeadersFilter identityHeadersFilter(IdentityAssertion assertion) {
        return new IdentityHeadersFilter(assertion);
    }

    @Bean
    ExchangeLimitFilter exchangeLimitFilter(Exchanges exchanges) {
        return new ExchangeLimitFilter(exchanges);
    }

    @Bean
    OpenStreams openStreams() {
        return new OpenStreams();
    }

    @Bean
    EventStreamFilter eventStreamFilter(OpenStreams streams, RevocableStreams revocable) {
        return new EventStreamFilter(streams, revocable);
    }

    @Bean
    BodyLimitFilter bodyLimitFilter(RoutingSettings settings) {
        return new BodyLimitFilter(settings.maxBody().toBytes());
    }

    @Bean
    UpstreamErrorFilter upstreamErrorFilter() {
        return new UpstreamErrorFilter();
    }
}
