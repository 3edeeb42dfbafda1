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
import dev.sluice.gateway.audit.OriginFilter;
import dev.sluice.gateway.consent.ConsentRoutes;
import dev.sluice.gateway.consent.ConsentService;
import dev.sluice.gateway.dashboard.DashboardRoutes;
import dev.sluice.gateway.deletion.ClosedOrganizations;
import dev.sluice.gateway.deletion.DeletionRoutes;
import dev.sluice.gateway.deletion.DeletionService;
import dev.sluice.gateway.edge.CertificateMeter;
import dev.sluice.gateway.edge.EdgeHandler;
import dev.sluice.gateway.edge.EdgeLimits;
import dev.sluice.gateway.edge.EdgeSettings;
import dev.sluice.gateway.edge.PlatformNetworks;
import dev.sluice.gateway.executor.ExecutorSettings;
import dev.sluice.gateway.executor.Executors;
import dev.sluice.gateway.export.ExportRoutes;
import dev.sluice.gateway.export.Exports;
import dev.sluice.gateway.export.PersonExports;
import dev.sluice.gateway.identity.AuthenticationFilter;
import dev.sluice.gateway.identity.OrganizationRoutes;
import dev.sluice.gateway.identity.OrganizationService;
import dev.sluice.gateway.ingress.EndpointService;
import dev.sluice.gateway.ingress.EventService;
import dev.sluice.gateway.ingress.Ingestion;
import dev.sluice.gateway.ingress.IngressRoutes;
import dev.sluice.gateway.ingress.IngressSettings;
import dev.sluice.gateway.ingress.WebhookDoor;
import dev.sluice.gateway.keeping.AnswerStore;
import dev.sluice.gateway.keeping.KeepAnswers;
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
import dev.sluice.gateway.published.PublishedRoutes;
import dev.sluice.gateway.published.RouteRoutes;
import dev.sluice.gateway.published.RouteService;
import dev.sluice.gateway.routing.BodyLimitFilter;
import dev.sluice.gateway.routing.EventStreamFilter;
import dev.sluice.gateway.routing.ForwardingFilter;
import dev.sluice.gateway.routing.GatewayRoutes;
import dev.sluice.gateway.routing.PassOnFilter;
import dev.sluice.gateway.routing.PublishedAdmissionFilter;
import dev.sluice.gateway.routing.PublishedPathFilter;
import dev.sluice.gateway.routing.RequestMeter;
import dev.sluice.gateway.routing.RevocableStreams;
import dev.sluice.gateway.routing.RoutingSettings;
import dev.sluice.gateway.routing.ToExecutor;
import dev.sluice.gateway.routing.ToUpstream;
import dev.sluice.gateway.session.DeviceCookie;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.gateway.session.SessionRoutes;
import dev.sluice.gateway.session.SessionService;
import dev.sluice.gateway.session.Sessions;
import dev.sluice.gateway.token.Tokens;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.outbound.OutboundConnections;
import dev.sluice.shared.service.OpenStreams;
import dev.sluice.shared.service.Startup;
import dev.sluice.shared.web.KeepReading;
import dev.sluice.shared.web.ProblemExceptionHandler;
import dev.sluice.shared.web.RequestIdentityFilter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.cloud.gateway.handler.FilteringWebHandler;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

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
            PublishedRoutes published,
            GatewayRoutes routes,
            FilteringWebHandler gateway,
            Admission admission,
            Audit audit,
            ClosedOrganizations closed,
            Startup startup,
            EdgeSettings edge,
            MeterRegistry meters) {
        List<WebFilter> first = List.of(
                new RequestIdentityFilter(),
                new RequestMeter(meters),
                new PublishedPathFilter(published),
                new AuthenticationFilter(keys, sessions, cookie, tokens, closed),
                new AdmissionFilter(admission),
                new PublishedAdmissionFilter(admission),
                new AuditFilter(audit),
                new PlatformNetworks(edge),
                new AccessFilter(AccessRules.table()),
                new PassOnFilter(routes, gateway),
                new OriginFilter());
        HttpHandler api = WebHttpHandlerBuilder.applicationContext(context)
                .filters(filters -> filters.addAll(0, first))
                .observationRegistry(ObservationRegistry.NOOP)
                .build();
        WebhookDoor door = new WebhookDoor(endpoints, admission, ingestion, closed::contains, ingress.maxBody());
        return new EdgeHandler(door, api, startup::done, edge);
    }

    /** On the management port too, which inherits it. */
    @Bean
    NettyServerCustomizer keepReading() {
        return KeepReading::on;
    }

    /** Not a customizer of the server itself: the management port would inherit one, and probes must get through. */
    @Bean
    WebServerFactoryCustomizer<NettyReactiveWebServerFactory> edgeLimits(
            EdgeSettings edge, MeterRegistry meters, ServerProperties server, SslBundles bundles, Clock clock) {
        String bundle = server.getSsl() == null ? null : server.getSsl().getBundle();
        if (bundle != null) {
            CertificateMeter.watch(bundles, bundle, meters, clock);
        }
        EdgeLimits limits = new EdgeLimits(edge, meters);
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
    RouterFunction<ServerResponse> dataProtection(
            DeletionService deletions, Exports exports, PersonExports people, ConsentService consents) {
        return DeletionRoutes.of(deletions)
                .and(ExportRoutes.of(exports, people))
                .and(ConsentRoutes.of(consents));
    }

    @Bean
    RouterFunction<ServerResponse> routes(
            OrganizationService organizations,
            KeyService keys,
            EndpointService endpoints,
            EventService events,
            IngressSettings ingress,
            RouteService published,
            Audit audit,
            PressureView pressure) {
        return OrganizationRoutes.of(organizations)
                .and(KeyRoutes.of(keys))
                .and(IngressRoutes.of(endpoints, events, ingress.publicUrl()))
                .and(RouteRoutes.of(published, ingress.publicUrl()))
                .and(AuditRoutes.of(audit))
                .and(pressure.routes())
                .and(OpenApiRoutes.of(AccessRules.ROUTES))
                .and(DashboardRoutes.of());
    }

    @Bean
    GatewayRoutes gatewayRoutes(KeepAnswers answers, ToUpstream upstream, ToExecutor executor) {
        return new GatewayRoutes(answers, upstream, executor);
    }

    @Bean
    ToExecutor toExecutor(
            Executors executors, ExecutorSettings settings, IdentityAssertion assertion, Exchanges exchanges) {
        return new ToExecutor(executors, settings, assertion, exchanges);
    }

    @Bean
    KeepAnswers keepAnswers(AnswerStore store, Clock clock) {
        return new KeepAnswers(store, clock);
    }

    @Bean
    ToUpstream toUpstream(OutboundConnections connections) {
        return new ToUpstream(connections);
    }

    @Bean
    ForwardingFilter forwardingFilter() {
        return new ForwardingFilter();
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
}
