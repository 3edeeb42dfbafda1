package dev.sluice.loadtest.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.upstream.UpstreamSimulator;
import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private static UpstreamSimulator upstream;
    private static LocalProcesses system;

    private record Answer(int status, JsonNode body) {}

    @BeforeAll
    static void start(@TempDir Path folder) {
        upstream =
                UpstreamSimulator.start("127.0.0.1", 0).blockOptional(DEADLINE).orElseThrow();
        system = new LocalProcesses(folder, Path.of("target", "embedded"));
        system.startServers("127.0.0.1:" + upstream.uri().getPort());
        var unusedExecutor = system.startExecutor();
        var unusedGateway = system.startGateway();
    }

    @AfterAll
    static void stop() {
        system.close();
        upstream.close();
    }

    @Test
    void answersACallerWhoWaitsWithTheOutput() throws Exception {
        deploy("called", "");

        Answer answer = send(post("/v1/workflows/e2e/called/runs", "{}").header("Prefer", "wait=10"));

        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
        assertThat(answer.body().toString()).contains("upstream-simulator");
    }

    @Test
    void finishesTheRunOfASignedDeliveryAndRefusesAForgedOne() throws Exception {
        deploy("pushed", "schedule: { on: { one: { with: { type: com.github.push } } } }\n");
        JsonNode endpoint = send(post("/v1/endpoints", "{\"name\":\"e2e\",\"source\":\"github\"}"))
                .body();
        String payload = "{\"ref\":\"refs/heads/main\"}";

        Answer forged = deliver(endpoint, payload, hmac("wrong", payload));
        Answer accepted =
                deliver(endpoint, payload, hmac(endpoint.path("secret").asString(), payload));

        assertThat(forged.status()).isEqualTo(401);
        assertThat(accepted.status()).isEqualTo(202);
        JsonNode event = await(
                "/v1/events/" + accepted.body().path("eventId").asString(),
                body -> runOf(body, "pushed").has("runId"));
        JsonNode finished =
                await("/v1/runs/" + runOf(event, "pushed").path("runId").asString(), body -> body.has("finishedAt"));
        assertThat(finished.path("status").asString()).isEqualTo("completed");
    }

    @Test
    void hidesARunFromAnotherOrganization() throws Exception {
        deploy("hidden", "");
        JsonNode run = send(post("/v1/workflows/e2e/hidden/runs", "{}")).body();
        JsonNode other =
                send(post("/v1/organizations", "{\"name\":\"another\"}")).body();
        String target = "/v1/runs/" + run.path("id").asString();

        assertThat(send(request(target, LocalProcesses.API_KEY)).status()).isEqualTo(200);
        assertThat(send(request(target, other.path("apiKey").path("key").asString()))
                        .status())
                .isEqualTo(404);
    }

    private static void deploy(String name, String schedule) throws Exception {
        String document = """
                document: { dsl: '1.0.3', namespace: e2e, name: %s, version: '1.0.0' }
                %sdo:
                  - ask:
                      call: http
                      with: { method: get, endpoint: '%s/answer' }
                """.formatted(name, schedule, upstream.uri());
        Answer answer = send(post("/v1/workflows", document).setHeader("Content-Type", "application/yaml"));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    }

    private static Answer deliver(JsonNode endpoint, String payload, String signature) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(endpoint.path("url").asString()))
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", UUID.randomUUID().toString())
                .header("X-Hub-Signature-256", "sha256=" + signature)
                .POST(HttpRequest.BodyPublishers.ofString(payload)));
    }

    private static JsonNode runOf(JsonNode event, String workflow) {
        return event.path("workflows")
                .valueStream()
                .filter(entry -> entry.path("name").asString("").equals(workflow))
                .findFirst()
                .orElseGet(Json::object);
    }

    private static JsonNode await(String target, Predicate<JsonNode> until) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (System.nanoTime() < deadline) {
            Answer answer = send(request(target, LocalProcesses.API_KEY));
            if (answer.status() == 200 && until.test(answer.body())) {
                return answer.body();
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new AssertionError(target + " did not come to the expected state in " + DEADLINE);
    }

    private static HttpRequest.Builder post(String target, String body) {
        return request(target, LocalProcesses.API_KEY).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private static HttpRequest.Builder request(String target, String key) {
        return HttpRequest.newBuilder(system.gateway().resolve(target))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json");
    }

    private static Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                CLIENT.send(request.timeout(DEADLINE).build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode body = response.body().length == 0 ? Json.object() : Json.read(response.body());
        return new Answer(response.statusCode(), body);
    }

    private static String hmac(String secret, String payload) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(UTF_8)));
    }
}
