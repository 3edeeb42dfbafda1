package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.testing.TestPostgres;
import org.junit.jupiter.api.Test;

/** Where platform keys are taken from, behind a proxy that is believed. */
final class PlatformNetworksIT {

    @Test
    void areTheOnlyOnesPlatformKeysAreTakenFrom() {
        PostgresSettings database = TestPostgres.freshDatabase();
        String owner;
        try (RunningGateway anywhere = RunningGateway.start(database)) {
            owner = anywhere.newOrganization("anywhere");
        }
        try (RunningGateway gateway = RunningGateway.start(
                database, "sluice.edge.trusted-proxies=127.0.0.1", "sluice.edge.platform-networks=192.0.2.0/24")) {
            assertThat(ask(gateway, RunningGateway.PLATFORM_KEY, "192.0.2.7").status())
                    .isEqualTo(200);
            Answer refused = ask(gateway, RunningGateway.PLATFORM_KEY, "192.0.2.7, 198.51.100.7");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/events").status())
                    .isEqualTo(403);
            assertThat(ask(gateway, owner, "198.51.100.7").status()).isEqualTo(200);
            Answer audit = gateway.get(
                    "/v1/audit",
                    "Authorization",
                    "Bearer " + RunningGateway.PLATFORM_KEY,
                    "X-Forwarded-For",
                    "192.0.2.7");
            assertThat(audit.json().at("/items/0/outcome").stringValue()).isEqualTo("denied");
        }
    }

    private static Answer ask(RunningGateway gateway, String key, String from) {
        return gateway.get("/v1/events", "Authorization", "Bearer " + key, "X-Forwarded-For", from);
    }
}
