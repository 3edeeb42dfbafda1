package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.Api.Answer;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** An organization as its key sees the gateway. Blocks. */
record Tenant(Api api, String key) {

    /** The first one. */
    static Tenant first(Api api) {
        return new Tenant(api, DrillSystem.API_KEY);
    }

    /** A new one. */
    static Tenant create(Api api, String name) {
        JsonNode made = first(api)
                .post(
                        "/v1/organizations",
                        "application/json",
                        Json.object().put("name", name).toString());
        return new Tenant(api, made.path("apiKey").path("key").asString());
    }

    /** Deploys {@code capacity/name} with these lines behind its head. */
    void deploy(String name, String rest) {
        String document =
                "document: { dsl: '1.0.3', namespace: capacity, name: %s, version: '1.0.0' }\n%s".formatted(name, rest);
        JsonNode deployed = post("/v1/workflows", "application/yaml", document);
        if (!deployed.has("version")) {
            throw new CapacityFailure("The answer to deploying " + name + " has no version: " + deployed);
        }
    }

    /** An endpoint that takes signed deliveries. */
    SignedHook hook(String name) {
        JsonNode made = post(
                "/v1/endpoints",
                "application/json",
                Json.object().put("name", name).put("source", "generic-hmac").toString());
        return new SignedHook(
                URI.create(made.path("url").asString()).getPath(),
                made.path("secret").asString(),
                made.path("event").path("source").asString());
    }

    /** Starts a run, answered with 202. */
    Ask start(String workflow, String input) {
        return Ask.post("/v1/workflows/capacity/" + workflow + "/runs", authorization(), input, 202);
    }

    /** Starts a run and waits for its output, answered with 200. */
    Ask startAndWait(String workflow, String input) {
        Map<String, String> headers = new HashMap<>(authorization());
        headers.put("Prefer", "wait=30");
        return Ask.post("/v1/workflows/capacity/" + workflow + "/runs", headers, input, 200);
    }

    Ask show(String run) {
        return Ask.get("/v1/runs/" + run, authorization());
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Tenant[]";
    }

    private Map<String, String> authorization() {
        return Map.of("Authorization", "Bearer " + key);
    }

    /** The body of a good answer. */
    JsonNode post(String path, String type, String body) {
        try {
            Answer answer = api.send(api.post(path, body)
                    .setHeader("Authorization", "Bearer " + key)
                    .setHeader("Content-Type", type));
            if (!answer.accepted()) {
                throw new CapacityFailure(
                        "POST " + path + " was answered with " + answer.status() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new CapacityFailure("The gateway does not answer: " + e + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapacityFailure("Interrupted.", e);
        }
    }
}
