package dev.sluice.gateway;

import dev.sluice.gateway.admission.Exchanges;
import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.consent.ConsentService;
import dev.sluice.gateway.deletion.DeletionService;
import dev.sluice.gateway.deletion.DeletionSettings;
import dev.sluice.gateway.deletion.Erasure;
import dev.sluice.gateway.executor.ExecutorClient;
import dev.sluice.gateway.export.Exports;
import dev.sluice.gateway.export.PersonExports;
import dev.sluice.gateway.identity.OrganizationService;
import dev.sluice.gateway.ingress.IngressSettings;
import dev.sluice.gateway.lookup.SecretTokens;
import dev.sluice.gateway.masking.MaskingService;
import dev.sluice.gateway.person.PersonTransactions;
import dev.sluice.gateway.retention.RetentionService;
import dev.sluice.shared.masking.Maskings;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.redis.OrganizationKeys;
import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.service.Startup;
import java.time.Clock;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What people and organizations may take along, and how they end. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeletionSettings.class)
class DataProtectionConfiguration {

    private static final Duration MASKINGS = Duration.ofSeconds(30);

    @Bean
    Exports exports(
            TenantTransactions transactions, ExecutorClient executor, Exchanges exchanges, Audit audit, Clock clock) {
        return new Exports(transactions, executor, exchanges, audit, clock);
    }

    @Bean
    PersonExports personExports(PersonTransactions people, TenantTransactions transactions, Audit audit) {
        return new PersonExports(people, transactions, audit);
    }

    @Bean
    RetentionService retentionService(
            TenantTransactions transactions, Audit audit, Clock clock, IngressSettings settings) {
        return new RetentionService(transactions, audit, clock, settings.retention());
    }

    @Bean
    MaskingService maskingService(TenantTransactions transactions, Audit audit, Clock clock) {
        return new MaskingService(transactions, audit, clock);
    }

    /** Told of changes, as other caches are, so that most organizations, which have no rules, are rarely asked for any. */
    @Bean
    Maskings maskings(TenantTransactions transactions) {
        return new Maskings(transactions, MASKINGS);
    }

    @Bean
    ConsentService consentService(PersonTransactions transactions, Clock clock) {
        return new ConsentService(transactions, clock);
    }

    @Bean
    DeletionService deletionService(
            Postgres postgres, SecretTokens tokens, Audit audit, DeletionSettings settings, Clock clock) {
        return new DeletionService(
                postgres.pool(DatabaseRole.API), tokens, audit, OrganizationService.DEFAULT, settings, clock);
    }

    @Bean(destroyMethod = "dispose")
    Erasure erasure(Postgres postgres, ExecutorClient executor, Redis redis, Audit audit, Startup startup) {
        return new Erasure(
                postgres.pool(DatabaseRole.API),
                executor,
                new OrganizationKeys(redis),
                audit,
                OrganizationService.DEFAULT,
                startup::done);
    }
}
