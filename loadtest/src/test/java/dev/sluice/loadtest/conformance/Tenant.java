package dev.sluice.loadtest.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.Api.Answer;
import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * An organization that a scenario has for itself, so that documents are deployed as they are whatever others called theirs.
 * Blocks.
 */
final class Tenant {

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Api api;
    private final String key;

    private Tenant(Api api, String key) {
        this.api = api;
        this.key = key;
    }

    /** A new one; the API's own key is the platform's. */
    static Tenant with(Api api) {
        Answer made = send(api, api.post("/v1/organizations", "{\"name\":\"scenario " + UUID.randomUUID() + "\"}"));
        assertThat(made.accepted()).as("%s", made.body()).isTrue();
        return new Tenant(api, made.body().at("/apiKey/key").asString());
    }

    /** Deploys a document in YAML or JSON, which has to be taken; the path of its workflow. */
    String deploy(String document) {
        Answer answer = offer(document);
        assertThat(answer.accepted())
                .as("The document is refused: %s", answer.body())
                .isTrue();
        return "/v1/workflows/" + answer.body().path("namespace").asString() + "/"
                + answer.body().path("name").asString();
    }

    /** Deploys a document in YAML or JSON, which may be refused. */
    Answer offer(String document) {
        return send(
                api,
                as(api.request("/v1/workflows")
                        .setHeader("Content-Type", "application/yaml")
                        .POST(HttpRequest.BodyPublishers.ofString(document))));
    }

    /** Sets what workflows may use as a secret. */
    void keep(String secret, JsonNode value) {
        String body = Json.text(Json.object().set("value", value));
        Answer answer =
                send(api, as(api.request("/v1/secrets/" + secret).PUT(HttpRequest.BodyPublishers.ofString(body))));
        assertThat(answer.accepted())
                .as("The secret is refused: %s", answer.body())
                .isTrue();
    }

    /** Starts a run of a workflow and follows it from its beginning. */
    Execution start(String workflow, JsonNode input) {
        HttpRequest request = as(api.post(workflow + "/runs", Json.text(input)))
                .setHeader("Accept", "text/event-stream")
                .build();
        try {
            HttpResponse<Stream<String>> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() != 200) {
                throw new AssertionError(
                        "The run is refused: " + response.body().toList());
            }
            return new Execution(this, response.headers().firstValue("Location").orElseThrow(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    JsonNode get(String target) {
        Answer answer = send(api, as(api.request(target)));
        assertThat(answer.status()).as("%s %s", target, answer.body()).isEqualTo(200);
        return answer.body();
    }

    void post(String target) {
        Answer answer = send(api, as(api.post(target, "")));
        assertThat(answer.accepted()).as("%s %s", target, answer.body()).isTrue();
    }

    private HttpRequest.Builder as(HttpRequest.Builder request) {
        return request.setHeader("Authorization", "Bearer " + key);
    }

    private static Answer send(Api api, HttpRequest.Builder request) {
        try {
            return api.send(request);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
