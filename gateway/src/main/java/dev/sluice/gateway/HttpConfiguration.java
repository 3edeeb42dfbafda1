package dev.sluice.gateway;

import dev.sluice.gateway.access.AccessFilter;
import dev.sluice.gateway.access.AccessTable;
import dev.sluice.gateway.account.AccountRoutes;
import dev.sluice.gateway.account.AccountService;
import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.admission.AdmissionFilter;
import dev.sluice.gateway.admission.AdmissionSettings;
import dev.sluice.gateway.admission.Exchanges;
import dev.sluice.gateway.admission.RouteLimitFilter;
import dev.sluice.gateway.admission.RouteLimits;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.audit.AuditFilter;
import dev.sluice.gateway.audit.AuditRoutes;
import dev.sluice.gateway.audit.OriginFilter;
import dev.sluice.gateway.consent.ConsentRoutes;
import dev.sluice.gateway.consent.ConsentService;
import dev.sluice.gateway.cors.CallingOriginFilter;
import dev.sluice.gateway.cors.CorsFilter;
import dev.sluice.gateway.cors.CorsPolicies;
import dev.sluice.gateway.cors.CorsRoutes;
import dev.sluice.gateway.cors.CorsService;
import dev.sluice.gateway.dashboard.DashboardRoutes;
import dev.sluice.gateway.deletion.ClosedOrganizations;
import dev.sluice.gateway.deletion.DeletionRoutes;
import dev.sluice.gateway.deletion.DeletionService;
import dev.sluice.gateway.deprecation.DeprecationFilter;
import dev.sluice.gateway.deprecation.DeprecationMeter;
import dev.sluice.gateway.deprecation.Deprecations;
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
import dev.sluice.gateway.identity.Callers;
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
import dev.sluice.gateway.masking.MaskingRoutes;
import dev.sluice.gateway.masking.MaskingService;
import dev.sluice.gateway.member.InvitationService;
import dev.sluice.gateway.member.MemberRoutes;
import dev.sluice.gateway.member.MemberService;
import dev.sluice.gateway.member.ResetService;
import dev.sluice.gateway.member.RoleService;
import dev.sluice.gateway.openapi.ApiDocument;
import dev.sluice.gateway.openapi.OpenApi;
import dev.sluice.gateway.openapi.OpenApiRoutes;
import dev.sluice.gateway.plan.PlanRoutes;
import dev.sluice.gateway.plan.PlanService;
import dev.sluice.gateway.pressure.PressureView;
import dev.sluice.gateway.published.PublishedRoutes;
import dev.sluice.gateway.published.RouteRoutes;
import dev.sluice.gateway.published.RouteService;
import dev.sluice.gateway.quota.Quotas;
import dev.sluice.gateway.quota.RunQuotaFilter;
import dev.sluice.gateway.quota.UsageReports;
import dev.sluice.gateway.quota.UsageRoutes;
import dev.sluice.gateway.retention.RetentionRoutes;
import dev.sluice.gateway.retention.RetentionService;
import dev.sluice.gateway.revocation.RevocableStreams;
import dev.sluice.gateway.routing.BodyLimitFilter;
import dev.sluice.gateway.routing.EventStreamFilter;
import dev.sluice.gateway.routing.ForwardingFilter;
import dev.sluice.gateway.routing.GatewayRoutes;
import dev.sluice.gateway.routing.PassOnFilter;
import dev.sluice.gateway.routing.PublishedAdmissionFilter;
import dev.sluice.gateway.routing.PublishedPathFilter;
import dev.sluice.gateway.routing.RequestMeter;
import dev.sluice.gateway.routing.RoutingSettings;
import dev.sluice.gateway.routing.ToExecutor;
import dev.sluice.gateway.routing.ToUpstream;
import dev.sluice.gateway.session.DeviceCookie;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.gateway.session.SessionRoutes;
import dev.sluice.gateway.session.SessionService;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.outbound.OutboundConnections;
import dev.sluice.shared.service.OpenStreams;
import dev.sluice.shared.service.Startup;
import dev.sluice.shared.web.KeepReading;
import dev.sluice.shared.web.NestedFilters;
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
            Callers callers,
            PublishedRoutes published,
            CorsPolicies cors,
            GatewayRoutes routes,
            FilteringWebHandler gateway,
            Admission admission,
            RouteLimits routeLimits,
            Quotas quotas,
            Audit audit,
            ClosedOrganizations closed,
            Startup startup,
            EdgeSettings edge,
            ApiDocument document,
            Clock clock,
            MeterRegistry meters) {
        Deprecations deprecations = Deprecations.of(document.tree());
        DeprecationMeter deprecated = new DeprecationMeter(meters, deprecations);
        AccessTable table = AccessRules.table();
        NestedFilters ours = new NestedFilters(List.of(
                new RequestIdentityFilter(),
                new RequestMeter(meters),
                new CorsFilter(table, cors, admission),
                new DeprecationFilter(deprecations, deprecated),
                new PublishedPathFilter(published, deprecated, clock),
                new AuthenticationFilter(callers, closed),
                new AdmissionFilter(admission),
                new PublishedAdmissionFilter(admission),
                new AuditFilter(audit),
                new PlatformNetworks(edge),
                new AccessFilter(table),
                new CallingOriginFilter(cors),
                new RouteLimitFilter(admission, routeLimits),
                new RunQuotaFilter(quotas),
                new PassOnFilter(routes, gateway),
                new OriginFilter()));
        HttpHandler api = WebHttpHandlerBuilder.applicationContext(context)
                .filters(filters -> filters.addFirst(ours))
                .observationRegistry(ObservationRegistry.NOOP)
                .build();
        WebhookDoor door = new WebhookDoor(endpoints, admission, ingestion, closed::contains, ingress.maxBody());
        return new EdgeHandler(door, api, startup::done, edge);
    }

    @Bean
    ApiDocument apiDocument() {
        return new ApiDocument(OpenApi.of(AccessRules.ROUTES));
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
    RouterFunction<ServerResponse> quotaRoutes(PlanService plans, UsageReports reports) {
        return PlanRoutes.of(plans).and(UsageRoutes.of(reports));
    }

    /** One that names no route of the API is a mistake to find at once. */
    @Bean
    RouteLimits routeLimits(AdmissionSettings settings) {
        return new RouteLimits(AccessRules.ROUTES, settings.routes());
    }

    @Bean
    RouterFunction<ServerResponse> dataProtection(
            DeletionService deletions,
            Exports exports,
            PersonExports people,
            ConsentService consents,
            RevocableStreams streams) {
        return DeletionRoutes.of(deletions)
                .and(ExportRoutes.of(exports, people, streams))
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
            CorsService cors,
            RetentionService retention,
            MaskingService masking,
            ApiDocument document,
            Audit audit,
            RevocableStreams streams,
            PressureView pressure) {
        return OrganizationRoutes.of(organizations)
                .and(KeyRoutes.of(keys))
                .and(IngressRoutes.of(endpoints, events, ingress.publicUrl()))
                .and(RouteRoutes.of(published, ingress.publicUrl()))
                .and(CorsRoutes.of(cors))
                .and(RetentionRoutes.of(retention))
                .and(MaskingRoutes.of(masking))
                .and(AuditRoutes.of(audit, streams))
                .and(pressure.routes())
                .and(OpenApiRoutes.of(document))
                .and(DashboardRoutes.of());
    }

    @Bean
    GatewayRoutes gatewayRoutes(KeepAnswers answers, ToUpstream upstream, ToExecutor executor) {
        return new GatewayRoutes(answers, upstream, executor);
    }

    @Bean
    ToExecutor toExecutor(
            Executors executors,
            ExecutorSettings settings,
            IdentityAssertion assertion,
            Exchanges exchanges,
            Maskings maskings) {
        return new ToExecutor(executors, settings, assertion, exchanges, maskings);
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
