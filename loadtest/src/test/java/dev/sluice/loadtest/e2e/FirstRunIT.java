package dev.sluice.loadtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.Api.Answer;
import dev.sluice.loadtest.drill.Api.Hook;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceProcess;
import dev.sluice.loadtest.upstream.UpstreamSimulator;
import dev.sluice.shared.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The main paths through both processes, over the public API alone. */
@Timeout(unit = TimeUnit.MINUTES, value = 4)
final class FirstRunIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static UpstreamSimulator upstream;
    private static DrillSystem system;
    private static Api api;

    @BeforeAll
    static void start(@TempDir Path folder) {
        upstream =
                UpstreamSimulator.start("127.0.0.1", 0).blockOptional(DEADLINE).orElseThrow();
        system = LocalSystems.of(folder, 1, 1);
        system.startServers("127.0.0.1:" + upstream.uri().getPort());
        ServiceProcess executor = system.launch("executor-1");
        ServiceProcess gateway = system.launch("gateway-1");
        executor.awaitReady();
        gateway.awaitReady();
        api = new Api(system.gateway(0));
    }

    @AfterAll
    static void stop() {
        system.close();
        upstream.close();
    }

    @Test
    void answersACallerWhoWaitsWithTheOutput() throws Exception {
        deploy("called", "");

        Answer answer = api.send(api.post("/v1/workflows/e2e/called/runs", "{}").header("Prefer", "wait=10"));

        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        assertThat(answer.body().toString()).contains("upstream-simulator");
    }

    @Test
    void finishesTheRunOfASignedDeliveryAndRefusesAForgedOne() throws Exception {
        deploy("pushed", "schedule: { on: { one: { with: { type: com.github.push } } } }\n");
        Hook hook = api.createHook("e2e");
        String payload = "{\"ref\":\"refs/heads/main\"}";

        Answer forged = api.deliver(new Hook(hook.url(), "wrong", hook.eventSource()), UUID.randomUUID(), payload);
        Answer accepted = api.deliver(hook, UUID.randomUUID(), payload);

        assertThat(forged.status()).isEqualTo(401);
        assertThat(accepted.status()).isEqualTo(202);
        JsonNode event = api.await(
                "/v1/events/" + accepted.body().path("eventId").asString(),
                DEADLINE,
                body -> runOf(body, "pushed").has("runId"));
        JsonNode finished = api.await(
                "/v1/runs/" + runOf(event, "pushed").path("runId").asString(),
                DEADLINE,
                body -> body.has("finishedAt"));
        assertThat(finished.path("status").asString()).isEqualTo("completed");
    }

    @Test
    void hidesARunFromAnotherOrganization() throws Exception {
        deploy("hidden", "");
        JsonNode run = api.send(api.post("/v1/workflows/e2e/hidden/runs", "{}")).body();
        JsonNode other = api.send(api.post("/v1/organizations", "{\"name\":\"another\"}"))
                .body();
        String otherKey = other.path("apiKey").path("key").asString();
        String target = "/v1/runs/" + run.path("id").asString();

        assertThat(api.send(api.request(target)).status()).isEqualTo(200);
        assertThat(api.send(api.request(target).setHeader("Authorization", "Bearer " + otherKey))
                        .status())
                .isEqualTo(404);
    }

    private static void deploy(String name, String schedule) throws Exception {
        api.deploy("""
                document: { dsl: '1.0.3', namespace: e2e, name: %s, version: '1.0.0' }
                %sdo:
                  - ask:
                      call: http
                      with: { method: get, endpoint: '%s/answer' }
                """.formatted(name, schedule, upstream.uri()));
    }

    private static JsonNode runOf(JsonNode event, String workflow) {
        return event.path("workflows")
                .valueStream()
                .filter(entry -> entry.path("name").asString("").equals(workflow))
                .findFirst()
                .orElseGet(Json::object);
    }
}
