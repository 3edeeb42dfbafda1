package dev.sluice.executor;

import dev.sluice.executor.secret.Secrets;
import dev.sluice.shared.crypto.DataKeys;
import dev.sluice.shared.crypto.MasterKey;
import dev.sluice.shared.crypto.Vault;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Postgres;
import dev.sluice.shared.postgres.TenantTransactions;
import dev.sluice.shared.service.SecretProperties;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.ServerResponse;

/** What workflows keep secret, and what that is sealed with. */
@Configuration(proxyBeanMethods = false)
class SecretConfiguration {

    @Bean
    Vault vault(SecretProperties secrets, TenantTransactions transactions) {
        return new Vault(
                MasterKey.ofBase64(secrets.crypto().masterKey()), List.of(), new DataKeys(transactions, "workflow"));
    }

    @Bean
    Secrets secrets(TenantTransactions transactions, Postgres postgres, Vault vault) {
        return new Secrets(transactions, postgres.pool(DatabaseRole.ENGINE), vault);
    }

    @Bean
    RouterFunction<ServerResponse> secretRoutes(Secrets secrets) {
        return secrets.routes();
    }
}
