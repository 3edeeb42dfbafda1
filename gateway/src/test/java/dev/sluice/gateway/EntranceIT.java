package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.shared.testing.TestRedis;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who tries to come in too often is slowed down by where they come from, whoever they say they are. */
final class EntranceIT {

    /** Other tests come from the same address, before and after. */
    @BeforeEach
    @AfterEach
    void forgetWhatWasTaken() {
        TestRedis.flush();
    }

    @Test
    void limitsAttemptsPerClient() {
        try (RunningGateway gateway =
                RunningGateway.start("sluice.admission.entrance-burst=3", "sluice.admission.entrance-rate=0.01")) {
            for (int i = 0; i < 3; i++) {
                assertThat(attempt(gateway, "/v1/sessions", i).status()).isEqualTo(401);
            }
            Answer refused = attempt(gateway, "/v1/sessions", 3);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(1, 300);
            assertThat(refused.header("ratelimit-policy")).contains("\"client\"");
            assertThat(attempt(gateway, "/v1/invitations:accept", 4).status()).isEqualTo(429);
            assertThat(gateway.get("/").status()).isEqualTo(200);
            assertThat(gateway.getAs(RunningGateway.PLATFORM_KEY, "/v1/events").status())
                    .isEqualTo(200);
        }
    }

    private static Answer attempt(RunningGateway gateway, String path, int number) {
        return gateway.post(
                path,
                "{\"email\":\"somebody-" + number + "@example.com\",\"password\":\"guess\"}",
                "Content-Type",
                "application/json");
    }
}
