package dev.sluice.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.simulation.ApiRunWithWait;
import dev.sluice.loadtest.simulation.WebhookIngest;
import io.gatling.javaapi.core.Simulation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Simulations run for real, with few users, against a gateway that checks what it is sent. */
final class SimulationProcessTest {

    private static final int COUNT = 50;

    @TempDir
    private Path results;

    @Test
    void deliversSignedWebhooksEachWithAnIdOfItsOwn() {
        try (ScriptedGateway gateway = new ScriptedGateway()) {
            JsonNode figures = run(WebhookIngest.class, gateway, ScriptedGateway.SECRET);

            assertThat(figures.path("succeeded").intValue()).isEqualTo(COUNT);
            assertThat(figures.path("errors").intValue()).isZero();
            assertThat(figures.path("p99Millis").intValue()).isBetween(0, 10_000);
            assertThat(gateway.deliveries()).isEqualTo(COUNT);
        }
    }

    @Test
    void countsRefusalsAsErrorsAndNotAsThroughput() {
        try (ScriptedGateway gateway = new ScriptedGateway()) {
            JsonNode figures = run(WebhookIngest.class, gateway, "another secret");

            assertThat(figures.path("succeeded").intValue()).isZero();
            assertThat(figures.path("errors").intValue()).isEqualTo(COUNT);
            assertThat(figures.path("perSecond").doubleValue()).isZero();
        }
    }

    @Test
    void startsRunsWithTheKeyAndWaitsForThem() {
        try (ScriptedGateway gateway = new ScriptedGateway()) {
            JsonNode waiting = run(ApiRunWithWait.class, gateway, "");

            assertThat(waiting.path("succeeded").intValue()).isEqualTo(COUNT);
            assertThat(gateway.runs()).isEqualTo(COUNT);
        }
    }

    private JsonNode run(Class<? extends Simulation> simulation, ScriptedGateway gateway, String secret) {
        Map<String, String> properties = Map.of(
                "url",
                gateway.uri().toString(),
                "key",
                ScriptedGateway.API_KEY,
                "hook",
                ScriptedGateway.HOOK,
                "secret",
                secret,
                "users",
                "5",
                "seconds",
                "20",
                "count",
                Integer.toString(COUNT));
        return new SimulationProcess(results).run(simulation, Duration.ofSeconds(20), properties, () -> {});
    }
}
