package dev.sluice.loadtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceProcess;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.testing.Contract;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What executors answer is what the OpenAPI document says; the gateway's own tests hold its own answers to that. */
@Timeout(unit = TimeUnit.MINUTES, value = 4)
final class ContractIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String OWN = "^(get|post|put|delete) "
            + "/(hooks|v1/(endpoints|events$|events/\\{id}$|organizations|api-keys|audit|members|roles|routes|invitations|sessions?|login-|account|export|deletions|cors|masking|retention|plans|quotas|usage)).*";

    private static DrillSystem system;
    private static HttpClient client;
    private static Contract contract;
    private static final TreeSet<String> ASKED = new TreeSet<>();

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        system = LocalSystems.of(folder, 1, 1);
        system.startServers("");
        ServiceProcess executor = system.launch("executor-1");
        ServiceProcess gateway = system.launch("gateway-1");
        executor.awaitReady();
        gateway.awaitReady();
        client = HttpClient.newHttpClient();
        contract = Contract.of(client.send(
                        HttpRequest.newBuilder(uri("/openapi.json")).build(), HttpResponse.BodyHandlers.ofByteArray())
                .body());
    }

    @AfterAll
    static void stop() {
        client.close();
        system.close();
    }

    @Test
    void isKeptByAllThatExecutorsAnswer() throws Exception {
        Api api = new Api(system.gateway(0));
        deploy("steps", "do: [ { one: { set: { done: true } } } ]");
        deploy("fails", "do: [ { bad: { raise: { error: { type: 'https://x.example/bad', status: 500 } } } } ]");
        deploy("waits", "do: [ { later: { wait: PT1H } } ]");
        Api.Hook hook = api.createHook("contract");
        deploy(
                "listens",
                "schedule: { on: { one: { with: { source: '%s' } } } }\ndo: [ { one: { set: { done: true } } } ]"
                        .formatted(hook.eventSource()));
        String event = api.deliver(hook, UUID.randomUUID(), "{}")
                .body()
                .path("eventId")
                .asString();

        assertThat(ask("POST", "/v1/workflows/e2e/steps/runs", "{}", "Prefer", "wait=20")
                        .path("done")
                        .asBoolean())
                .isTrue();
        String waiting = run("waits");
        String failing = run("fails");
        await("/v1/runs/" + waiting, "waiting");
        await("/v1/runs/" + failing, "faulted");
        for (String target : List.of(
                "/v1/workflows",
                "/v1/workflows/e2e/steps",
                "/v1/workflows/e2e/steps/versions",
                "/v1/workflows/e2e/steps/versions/1.0.0",
                "/v1/runs?limit=1",
                "/v1/runs?workflow=e2e/fails&status=faulted",
                "/v1/runs/" + failing + "/events",
                "/v1/runs/" + failing + "/journal",
                "/v1/events/" + event,
                "/v1/events/" + event + "/runs",
                "/v1/dead-events",
                "/v1/shares/" + UUID.randomUUID(),
                "/v1/pressure")) {
            ask("GET", target, "");
        }
        ask("POST", "/v1/workflows/e2e/steps/versions/1.0.0:activate", "");
        ask("POST", "/v1/runs/" + waiting + ":suspend", "");
        await("/v1/runs/" + waiting, "suspended");
        ask("POST", "/v1/runs/" + waiting + ":resume", "");
        ask("POST", "/v1/runs/" + waiting + ":cancel", "");
        await("/v1/runs/" + waiting, "cancelled");
        ask("POST", "/v1/runs/" + failing + ":retry", "");
        await("/v1/runs/" + failing, "faulted");
        ask("POST", "/v1/runs/" + failing + ":rerun", "{}");
        await("/v1/runs/" + failing, "faulted");
        ask("POST", "/v1/runs:retry", "{\"workflow\":\"e2e/fails\",\"limit\":1}");
        ask("POST", "/v1/dead-events/" + event + ":retry", "");
        ask("PUT", "/v1/secrets/contract", "{\"value\":{\"id\":1}}");
        ask("PUT", "/v1/secrets/contract", "{\"value\":\"another\"}");
        ask("PUT", "/v1/secrets/contract", "{\"value\":null}");
        ask("GET", "/v1/secrets/contract", "");
        ask("GET", "/v1/secrets?limit=1", "");
        ask("DELETE", "/v1/secrets/contract", "");
        String organization =
                ask("GET", "/v1/organizations", "").at("/items/0/id").asString();
        ask("PUT", "/v1/shares/" + organization, "{\"weight\":2}");
        ask("DELETE", "/v1/shares/" + organization, "");

        assertThat(contract.operations().stream().filter(operation -> !operation.matches(OWN)))
                .isNotEmpty()
                .allMatch(ASKED::contains);
    }

    private static void deploy(String name, String rest) throws Exception {
        String document = "document: { dsl: '1.0.3', namespace: e2e, name: %s, version: '1.0.0' }\n".formatted(name);
        JsonNode deployed = ask("POST", "/v1/workflows", document + rest + "\n", "Content-Type", "application/yaml");
        assertThat(deployed.path("name").asString()).isEqualTo(name);
    }

    private static String run(String workflow) throws Exception {
        return ask("POST", "/v1/workflows/e2e/" + workflow + "/runs", "{}")
                .path("id")
                .asString();
    }

    private static void await(String target, String status) throws Exception {
        JsonNode seen = new Api(system.gateway(0))
                .await(target, DEADLINE, body -> body.path("status").asString().equals(status));
        assertThat(seen.path("status").asString()).isEqualTo(status);
        ask("GET", target, "");
    }

    /** The body of an answer, which is as promised. */
    @CanIgnoreReturnValue
    private static JsonNode ask(String method, String target, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(target))
                .timeout(DEADLINE)
                .header("Authorization", "Bearer " + DrillSystem.API_KEY)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length == 0 || !headers[0].equals("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        String type = response.headers().firstValue("Content-Type").orElse(null);
        assertThat(contract.differences(method, target, response.statusCode(), type, response.body()))
                .as("%s %s: %s", method, target, response.statusCode())
                .isEmpty();
        contract.operation(method, target).ifPresent(ASKED::add);
        return type != null && type.startsWith("application/json") ? Json.read(response.body()) : Json.object();
    }

    private static URI uri(String target) {
        return system.gateway(0).resolve(target);
    }
}
