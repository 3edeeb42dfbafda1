package dev.sluice.gateway;

import dev.sluice.gateway.audit.Audit;
import dev.sluice.gateway.plan.PlanService;
import dev.sluice.gateway.quota.QuotaSettings;
import dev.sluice.gateway.quota.Quotas;
import dev.sluice.gateway.quota.UsageReports;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What organizations may use, and have used. */
@Configuration(proxyBeanMethods = false)
class QuotaConfiguration {

    @Bean
    Quotas quotas(Postgres postgres, QuotaSettings settings, MeterRegistry meters, Clock clock) {
        return new Quotas(postgres.pool(DatabaseRole.API), settings, meters, clock);
    }

    @Bean
    UsageReports usageReports(Postgres postgres, MeterRegistry meters, Clock clock) {
        return new UsageReports(postgres.pool(DatabaseRole.API), meters, clock);
    }

    @Bean
    PlanService planService(TenantTransactions transactions, Audit audit, Clock clock) {
        return new PlanService(transactions, audit, clock);
    }
}
