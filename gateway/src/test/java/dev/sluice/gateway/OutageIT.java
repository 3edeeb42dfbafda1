package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RunningGateway.Answer;
import dev.sluice.gateway.RunningGateway.Hook;
import dev.sluice.shared.testing.TestPostgres;
import dev.sluice.shared.testing.TestRedis;
import org.junit.jupiter.api.Test;

/** The gateway while what it stands on is away. */
final class OutageIT {

    private static final String KEY = RunningGateway.PLATFORM_KEY;

    @Test
    void acceptsNothingWhilePostgresqlIsAwayAndComesBackByItself() {
        try (RunningGateway gateway = RunningGateway.start("sluice.postgres.acquire-timeout=1s")) {
            Hook hook = gateway.newEndpoint("hook", "generic-hmac");
            assertThat(gateway.deliver(hook).status()).isEqualTo(202);
            TestPostgres.server().crash();
            try {
                Answer refused = gateway.deliver(hook);
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.header("retry-after")).isNotEmpty();
                assertThat(gateway.getAs("sk_unknown-while-away", "/v1/nothing").status())
                        .isEqualTo(503);
                assertThat(gateway.getAs(KEY, "/v1/nothing").status())
                        .as("a known key goes on")
                        .isEqualTo(404);
            } finally {
                TestPostgres.server().restart();
            }
            assertThat(RunningGateway.eventually(() -> gateway.deliver(hook), 202)
                            .status())
                    .isEqualTo(202);
        }
    }

    @Test
    void acceptsWebhooksWhileRedisIsAway() {
        try (RunningGateway gateway = RunningGateway.start("sluice.redis.url=redis://127.0.0.1:1")) {
            Hook hook = gateway.newEndpoint("hook", "generic-hmac");
            for (int i = 0; i < 20; i++) {
                assertThat(gateway.deliver(hook).status()).isEqualTo(202);
            }
        }
    }

    @Test
    void refusesWithTheTimeToWaitWhenALimitIsUsedUp() {
        // Of gateways that were there a moment ago each would have its part of the limits.
        TestRedis.flush();
        try (RunningGateway gateway = RunningGateway.start(
                "sluice.admission.endpoint.rate=0.1",
                "sluice.admission.endpoint.burst=1",
                "sluice.admission.key.rate=0.01",
                "sluice.admission.key.burst=3")) {
            Hook hook = gateway.newEndpoint("hook", "generic-hmac");
            assertThat(gateway.deliver(hook).status()).isEqualTo(202);
            Answer refused = gateway.deliver(hook);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(Integer.parseInt(refused.header("retry-after"))).isBetween(5, 10);
            assertThat(refused.header("ratelimit")).startsWith("\"endpoint\";r=0;t=");
            assertThat(gateway.getAs(KEY, "/v1/events").status()).isEqualTo(200);
            assertThat(gateway.getAs(KEY, "/v1/events").status()).isEqualTo(200);
            Answer throttled = gateway.getAs(KEY, "/v1/events");
            assertThat(throttled.status()).isEqualTo(429);
            assertThat(throttled.json().path("type").stringValue()).isEqualTo("urn:sluice:problem:rate-limited");
            assertThat(throttled.header("ratelimit-policy")).isEqualTo("\"key\";q=3;w=300");
        }
    }
}
