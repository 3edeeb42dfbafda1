package dev.sluice.loadtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.Api.Hook;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceProcess;
import dev.sluice.shared.testing.Contract;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The routes to what an organization has, asked by an owner of another one: there is nothing there, whatever the method. */
@Timeout(unit = TimeUnit.MINUTES, value = 4)
final class ForeignIdsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    /** Secrets instead of ids, names in one's own organization, what is one's own, and what only the platform may. */
    private static final Set<String> ASKED_OTHERWISE = Set.of(
            "post /hooks/{token}",
            "put /v1/roles/{name}",
            "put /v1/routes/{name}",
            "put /v1/secrets/{name}",
            "delete /v1/sessions/{id}",
            "delete /v1/account/consents/{purpose}",
            "delete /v1/account/logins/{id}",
            "post /v1/login-providers/{provider}:begin",
            "get /v1/login-providers/{provider}/callback",
            "put /v1/plans/{name}",
            "delete /v1/plans/{name}",
            "get /v1/shares/{organization}",
            "put /v1/shares/{organization}",
            "delete /v1/shares/{organization}");

    private static DrillSystem system;
    private static Api api;
    private static String stranger;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        system = LocalSystems.of(folder, 1, 1);
        system.startServers("");
        ServiceProcess executor = system.launch("executor-1");
        ServiceProcess gateway = system.launch("gateway-1");
        executor.awaitReady();
        gateway.awaitReady();
        api = new Api(system.gateway(0));
        stranger = organization("stranger").at("/apiKey/key").asString();
    }

    @AfterAll
    static void stop() {
        system.close();
    }

    @Test
    void areUnknownToAnotherOrganization() throws Exception {
        JsonNode own = organization("own");
        String owner = own.at("/apiKey/key").asString();
        deploy("own");
        String run = api.send(api.post("/v1/workflows/e2e/own/runs", "{}"))
                .body()
                .path("id")
                .asString();
        Hook hook = api.createHook("own");
        String event = api.deliver(hook, UUID.randomUUID(), "{}")
                .body()
                .path("eventId")
                .asString();
        JsonNode keys = api.send(as(owner, api.request("/v1/api-keys"))).body();
        String key = keys.at("/items/0/id").asString();
        assertThat(status(owner, "PUT /v1/roles/own", "{\"permissions\":[]}")).isEqualTo(200);
        assertThat(status(owner, "PUT /v1/routes/own", "{\"path\":\"/own\",\"upstream\":\"http://own.example\"}"))
                .isEqualTo(200);
        assertThat(status(owner, "PUT /v1/secrets/own", "{\"value\":\"own\"}")).isEqualTo(201);
        JsonNode invited = invite(owner, "invited@example.com");
        String member = accept(invite(owner, "member@example.com")).path("id").asString();
        Map<String, String> ids = Map.of(
                "/v1/organizations/{id}", own.path("id").asString(),
                "/v1/api-keys/{id}", key,
                "/v1/members/{id}", member,
                "/v1/invitations/{id}", invited.path("id").asString(),
                "/v1/events/{id}", event,
                "/v1/dead-events/{id}", event,
                "/v1/runs/{id}", run);
        List<String> asked = contract().operations().stream()
                .filter(operation -> operation.contains("{") && !ASKED_OTHERWISE.contains(operation))
                .toList();
        List<String> answers = new ArrayList<>();
        for (String operation : asked) {
            answers.add(operation + " " + status(stranger, filled(operation, ids)));
        }

        assertThat(asked).hasSizeGreaterThan(25);
        assertThat(answers).allMatch(answer -> answer.endsWith(" 404"));
        assertThat(status(owner, "GET /v1/api-keys/" + key)).isEqualTo(200);
        assertThat(status(owner, "GET /v1/members/" + member)).isEqualTo(200);
        assertThat(status(owner, "GET /v1/routes/own/versions/1")).isEqualTo(200);
        assertThat(status(owner, "DELETE /v1/secrets/own")).isEqualTo(204);
        assertThat(status(owner, "DELETE /v1/roles/own"))
                .as("it was still there")
                .isEqualTo(204);
        assertThat(accept(invited).path("role").asString()).isEqualTo("viewer");
        JsonNode ended = api.await("/v1/runs/" + run, DEADLINE, body -> body.has("finishedAt"));
        assertThat(ended.path("status").asString()).isEqualTo("completed");
    }

    @Test
    void areInNoListOfAnotherOrganization() throws Exception {
        deploy("listed");
        Hook hook = api.createHook("listed");
        assertThat(api.deliver(hook, UUID.randomUUID(), "{}").status()).isEqualTo(202);
        assertThat(status(DrillSystem.API_KEY, "PUT /v1/secrets/listed", "{\"value\":1}"))
                .isEqualTo(201);
        for (String list : List.of(
                "/v1/runs",
                "/v1/workflows",
                "/v1/secrets",
                "/v1/events",
                "/v1/endpoints",
                "/v1/routes",
                "/v1/dead-events",
                "/v1/members",
                "/v1/invitations")) {
            Api.Answer answer = api.send(as(stranger, api.request(list)));
            assertThat(answer.status()).as(list).isEqualTo(200);
            assertThat(answer.body().path("items")).as(list).isEmpty();
        }
    }

    private static void deploy(String name) throws Exception {
        api.deploy("""
                document: { dsl: '1.0.3', namespace: e2e, name: %s, version: '1.0.0' }
                do: [ { done: { set: { done: true } } } ]
                """.formatted(name));
    }

    private static JsonNode organization(String name) throws Exception {
        return api.send(api.post("/v1/organizations", "{\"name\":\"" + name + "\"}"))
                .body();
    }

    private static JsonNode invite(String owner, String email) throws Exception {
        String body = "{\"email\":\"" + email + "\",\"role\":\"viewer\"}";
        return api.send(as(owner, api.post("/v1/invitations", body))).body();
    }

    private static JsonNode accept(JsonNode invitation) throws Exception {
        String body = "{\"token\":\"" + invitation.path("token").asString()
                + "\",\"name\":\"Somebody\",\"password\":\"correct horse battery\"}";
        return api.send(api.post("/v1/invitations:accept", body)).body();
    }

    private static Contract contract() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(system.gateway(0).resolve("/openapi.json"))
                .timeout(DEADLINE)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return Contract.of(client.send(request, HttpResponse.BodyHandlers.ofByteArray())
                    .body());
        }
    }

    /** The target of an operation, about what the other organization has. */
    private static String filled(String operation, Map<String, String> ids) {
        String version = operation.contains("/v1/routes/") ? "1" : "1.0.0";
        String target =
                operation.replace("{namespace}", "e2e").replace("{name}", "own").replace("{version}", version);
        for (Map.Entry<String, String> id : ids.entrySet()) {
            target = target.replace(id.getKey(), id.getKey().replace("{id}", id.getValue()));
        }
        assertThat(target).as("no example for this").doesNotContain("{");
        int space = target.indexOf(' ');
        return target.substring(0, space).toUpperCase(Locale.ROOT) + target.substring(space);
    }

    private static int status(String key, String target) throws Exception {
        return status(key, target, "{\"role\":\"viewer\"}");
    }

    private static int status(String key, String target, String put) throws Exception {
        int space = target.indexOf(' ');
        HttpRequest.Builder request = api.post(target.substring(space + 1), "{}");
        String method = target.substring(0, space);
        if (method.equals("PUT")) {
            request.PUT(HttpRequest.BodyPublishers.ofString(put));
        } else if (!method.equals("POST")) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        }
        return api.send(as(key, request)).status();
    }

    private static HttpRequest.Builder as(String key, HttpRequest.Builder request) {
        return request.setHeader("Authorization", "Bearer " + key);
    }
}
