package dev.sluice.gateway;

import dev.sluice.gateway.admission.Admission;
import dev.sluice.gateway.admission.AdmissionSettings;
import dev.sluice.gateway.admission.Exchanges;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.audit.DomainEvents;
import dev.sluice.gateway.audit.UntoldChanges;
import dev.sluice.gateway.change.ChangeFollower;
import dev.sluice.gateway.change.ChangeType;
import dev.sluice.gateway.change.Changes;
import dev.sluice.gateway.cors.CorsPolicies;
import dev.sluice.gateway.cors.CorsService;
import dev.sluice.gateway.deletion.ClosedOrganizations;
import dev.sluice.gateway.executor.ExecutorClient;
import dev.sluice.gateway.executor.ExecutorHttp;
import dev.sluice.gateway.executor.ExecutorSettings;
import dev.sluice.gateway.executor.Executors;
import dev.sluice.gateway.identity.Callers;
import dev.sluice.gateway.identity.IdentitySettings;
import dev.sluice.gateway.identity.OrganizationService;
import dev.sluice.gateway.ingress.EndpointService;
import dev.sluice.gateway.ingress.EventPartitions;
import dev.sluice.gateway.ingress.EventService;
import dev.sluice.gateway.ingress.Ingestion;
import dev.sluice.gateway.ingress.IngressSettings;
import dev.sluice.gateway.keeping.AnswerStore;
import dev.sluice.gateway.key.KeyService;
import dev.sluice.gateway.key.Keys;
import dev.sluice.gateway.lookup.LastUse;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.gateway.pressure.PressureView;
import dev.sluice.gateway.published.PublishedRoutes;
import dev.sluice.gateway.published.RouteSecrets;
import dev.sluice.gateway.published.RouteService;
import dev.sluice.gateway.quota.Quotas;
import dev.sluice.gateway.quota.UsageReports;
import dev.sluice.gateway.revocation.RevocableStreams;
import dev.sluice.gateway.routing.RoutingSettings;
import dev.sluice.gateway.session.SessionCookie;
import dev.sluice.gateway.session.Sessions;
import dev.sluice.gateway.token.ProviderHttp;
import dev.sluice.gateway.token.Tokens;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.crypto.DataKeys;
import dev.sluice.shared.crypto.MasterKey;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.outbound.OutboundConnections;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.PartitionRetention;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.PostgresProperties;
import dev.sluice.shared.postgres.Retention;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.pressure.Pressure;
import dev.sluice.shared.redis.ChangeStream;
import dev.sluice.shared.redis.KeptValues;
import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.redis.SharedRates;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.service.OutboundProperties;
import dev.sluice.shared.service.RedisProperties;
import dev.sluice.shared.service.SecretProperties;
import dev.sluice.shared.service.Startup;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** What the gateway is made of, apart from HTTP. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    OutboundProperties.class,
    PostgresProperties.class,
    RedisProperties.class,
    SecretProperties.class
})
class GatewayConfiguration {

    @Bean
    @SuppressWarnings("TimeZoneUsage") // this is the Clock bean the rule asks for
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    SecretTokens secretTokens() {
        return new SecretTokens();
    }

    @Bean
    Postgres postgres(PostgresProperties properties) {
        return new Postgres(properties.settings());
    }

    @Bean
    TenantTransactions transactions(Postgres postgres) {
        return new TenantTransactions(postgres.pool(DatabaseRole.API));
    }

    @Bean
    Redis redis(RedisProperties properties) {
        return new Redis(properties.settings());
    }

    @Bean
    WorkStreams workStreams(Redis redis, RedisProperties properties) {
        return new WorkStreams(redis, properties.maxStreamLength());
    }

    @Bean
    Vault vault(SecretProperties secrets, TenantTransactions transactions) {
        return new Vault(
                MasterKey.ofBase64(secrets.crypto().masterKey()), List.of(), new DataKeys(transactions, "identity"));
    }

    @Bean
    IdentityAssertion identityAssertion(SecretProperties secrets, Clock clock) {
        return new IdentityAssertion(secrets.assertion().bytes(), clock);
    }

    @Bean
    ExecutorHttp executorHttp(ExecutorSettings settings) {
        return new ExecutorHttp(settings);
    }

    @Bean(destroyMethod = "dispose")
    Executors executors(ExecutorHttp http, ExecutorSettings settings) {
        return new Executors(http, settings);
    }

    @Bean
    ExecutorClient executorClient(Executors executors, IdentityAssertion assertion, Maskings maskings) {
        return new ExecutorClient(executors, assertion, maskings);
    }

    @Bean(destroyMethod = "dispose")
    LastUse keyUse(Postgres postgres) {
        return Keys.uses(postgres.pool(DatabaseRole.API));
    }

    @Bean
    Keys keys(Postgres postgres, IdentitySettings settings, LastUse keyUse, Clock clock) {
        return new Keys(postgres.pool(DatabaseRole.API), settings.keys(), keyUse, clock);
    }

    /** A connection for each exchange, since they are few: none is left over that the end of all loops could wait for. */
    @Bean
    ProviderHttp providerHttp() {
        return new ProviderHttp(HttpClient.create(ConnectionProvider.newConnection()));
    }

    @Bean
    Tokens tokens(IdentitySettings settings, ProviderHttp providerHttp, Clock clock) {
        return new Tokens(settings.issuers(), providerHttp, clock);
    }

    @Bean
    Callers callers(Keys keys, Sessions sessions, SessionCookie cookie, Tokens tokens, ClosedOrganizations closed) {
        return new Callers(keys, sessions, cookie, tokens, closed);
    }

    @Bean
    RevocableStreams revocableStreams(Callers callers, Clock clock) {
        return new RevocableStreams(callers::find, clock);
    }

    @Bean(destroyMethod = "dispose")
    ClosedOrganizations closedOrganizations(Postgres postgres) {
        return new ClosedOrganizations(postgres.pool(DatabaseRole.API));
    }

    @Bean
    OutboundConnections outboundConnections(RoutingSettings settings, OutboundProperties outbound) {
        return new OutboundConnections(
                settings.outbound(), outbound.access(settings.outboundAllow()), settings.acquireTimeout());
    }

    @Bean(destroyMethod = "dispose")
    AnswerStore answerStore(Redis redis, RoutingSettings settings) {
        return new AnswerStore(new KeptValues(redis), settings.maxKept().toBytes(), System::nanoTime);
    }

    @Bean
    RouteSecrets routeSecrets(Vault vault) {
        return new RouteSecrets(vault);
    }

    @Bean
    RouteService routeService(
            TenantTransactions transactions, RouteSecrets secrets, PublishedRoutes routes, Audit audit, Clock clock) {
        return new RouteService(transactions, secrets, routes, audit, clock);
    }

    @Bean
    PublishedRoutes publishedRoutes(TenantTransactions transactions, RouteSecrets secrets, RoutingSettings settings) {
        return new PublishedRoutes(transactions, secrets, settings.published());
    }

    @Bean
    CorsPolicies corsPolicies(TenantTransactions transactions, RoutingSettings settings) {
        return new CorsPolicies(transactions, settings.published());
    }

    @Bean
    CorsService corsService(TenantTransactions transactions, CorsPolicies policies, Audit audit, Clock clock) {
        return new CorsService(transactions, policies, audit, clock);
    }

    /** Caches first, so that callers of streams are looked up anew. */
    @Bean(destroyMethod = "dispose")
    ChangeFollower changeFollower(
            Postgres postgres,
            Keys keys,
            Sessions sessions,
            ClosedOrganizations closed,
            PublishedRoutes published,
            CorsPolicies cors,
            Quotas quotas,
            Maskings maskings,
            RevocableStreams streams) {
        return ChangeFollower.of(postgres.pool(DatabaseRole.API), change -> {
            keys.changed(change);
            sessions.changed(change);
            closed.changed(change);
            published.changed(change);
            cors.changed(change);
            quotas.changed(change);
            if (change.type() == ChangeType.MASKING_CHANGED) {
                maskings.forget(change.organization());
            }
            streams.changed(change);
        });
    }

    @Bean
    Audit audit(TenantTransactions transactions) {
        return new Audit(transactions);
    }

    @Bean(destroyMethod = "dispose")
    DomainEvents domainEvents(Postgres postgres, Redis redis) {
        return new DomainEvents(postgres.pool(DatabaseRole.API), new ChangeStream(redis));
    }

    @Bean(destroyMethod = "dispose")
    UntoldChanges untoldChanges(Postgres postgres, MeterRegistry meters, Clock clock) {
        return new UntoldChanges(postgres.pool(DatabaseRole.API), meters, clock);
    }

    @Bean
    KeyService keyService(TenantTransactions transactions, SecretTokens tokens, Audit audit, Clock clock) {
        return new KeyService(transactions, tokens, audit, clock);
    }

    @Bean
    OrganizationService organizationService(
            TenantTransactions transactions, KeyService keys, Audit audit, Clock clock) {
        return new OrganizationService(transactions, keys, audit, clock);
    }

    @Bean(destroyMethod = "close")
    Admission admission(AdmissionSettings settings, Redis redis, MeterRegistry meters) {
        return new Admission(settings, new SharedRates(redis), meters, System::nanoTime);
    }

    @Bean
    Exchanges exchanges(AdmissionSettings settings, ExecutorSettings executors) {
        return new Exchanges(settings.maxExchanges(), executors.capacity());
    }

    @Bean
    EndpointService endpointService(
            Postgres postgres,
            TenantTransactions transactions,
            Vault vault,
            SecretTokens tokens,
            Audit audit,
            IngressSettings settings,
            Clock clock) {
        return new EndpointService(
                postgres.pool(DatabaseRole.API), transactions, vault, tokens, audit, settings.endpoints(), clock);
    }

    @Bean
    EventService eventService(
            TenantTransactions transactions, ExecutorClient executor, Exchanges exchanges, Maskings maskings) {
        return new EventService(transactions, executor, exchanges, maskings);
    }

    @Bean
    Ingestion ingestion(
            Postgres postgres,
            WorkStreams streams,
            CommitProperties commit,
            IngressSettings settings,
            Quotas quotas,
            MeterRegistry meters) {
        return new Ingestion(postgres.pool(DatabaseRole.INGEST), streams, commit.settings(), settings, quotas, meters);
    }

    @Bean(destroyMethod = "dispose")
    Pressure pressure(
            Postgres postgres, Exchanges exchanges, Ingestion ingestion, UsageReports reports, MeterRegistry meters) {
        Pressure pressure = new Pressure(
                "gateway",
                "gateway",
                List.of(exchanges.pressure(), ingestion.pressure(), reports.pressure(), postgres.pressure()));
        pressure.meter(meters, Schedulers.parallel());
        return pressure;
    }

    @Bean
    PressureView pressureView(Pressure pressure, ExecutorClient executor) {
        return new PressureView(pressure, executor);
    }

    @Bean
    EventPartitions eventPartitions(Postgres postgres, IngressSettings settings) {
        return new EventPartitions(postgres.pool(DatabaseRole.API), settings.monthsAhead());
    }

    @Bean
    Retention retention(Postgres postgres, IngressSettings settings) {
        return new Retention(
                postgres.pool(DatabaseRole.API),
                List.of(
                        EventPartitions.retention(),
                        EventPartitions.retention(settings.retention()),
                        EventPartitions.retentionByOrganization(settings.retention()),
                        Audit.RETENTION,
                        Changes.RETENTION,
                        Sessions.RETENTION,
                        Quotas.RETENTION));
    }

    @Bean
    PartitionRetention eventRetention(Postgres postgres, IngressSettings settings) {
        return EventPartitions.dropping(postgres.pool(DatabaseRole.API), settings.retention());
    }

    @Bean
    Startup startup(
            PostgresProperties properties,
            EventPartitions partitions,
            OrganizationService organizations,
            ClosedOrganizations closed,
            IdentitySettings settings) {
        Mono<Void> migrate = Migrations.run(
                properties.settings(), "db/migration/gateway", "identity", List.of("identity", "ingress", "audit"));
        return new Startup(migrate.then(partitions.create())
                .then(Mono.defer(closed::load))
                .then(Mono.defer(() -> organizations.bootstrap(settings.bootstrapApiKey()))));
    }
}
