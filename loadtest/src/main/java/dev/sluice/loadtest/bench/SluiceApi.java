package dev.sluice.loadtest.bench;

import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import tools.jackson.databind.JsonNode;

/** The few calls that prepare a bench, over the public API. Blocks. */
final class SluiceApi implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(15);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
    private final URI gateway;
    private final String apiKey;

    SluiceApi(URI gateway, String apiKey) {
        this.gateway = gateway;
        this.apiKey = apiKey;
    }

    /** A webhook endpoint of the source {@code generic-hmac}. */
    record Endpoint(String path, String secret) {}

    /** Deploys a document of this module's resources; the same content again is fine. */
    void deploy(String resource) {
        byte[] document = resource("/workflows/" + resource);
        JsonNode deployed = post("/v1/workflows", "application/yaml", document);
        if (!deployed.has("version")) {
            throw new BenchFailure("The answer to deploying " + resource + " has no version: " + deployed);
        }
    }

    Endpoint createEndpoint() {
        byte[] body = Json.bytes(
                Json.object().put("name", "bench-" + UUID.randomUUID()).put("source", "generic-hmac"));
        JsonNode endpoint = post("/v1/endpoints", "application/json", body);
        return new Endpoint(
                URI.create(endpoint.path("url").asString()).getPath(),
                endpoint.path("secret").asString());
    }

    @Override
    public void close() {
        client.close();
    }

    private JsonNode post(String path, String type, byte[] body) {
        HttpRequest request = HttpRequest.newBuilder(gateway.resolve(path))
                .timeout(DEADLINE)
                .header("Authorization", "Bearer " + apiKey)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            if (response.statusCode() / 100 != 2) {
                throw new BenchFailure("POST " + path + " was answered with " + response.statusCode() + ": "
                        + new String(response.body(), StandardCharsets.UTF_8));
            }
            return Json.read(response.body());
        } catch (IOException e) {
            throw new BenchFailure("The gateway at " + gateway + " does not answer: start it with ./sluice up.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchFailure("Interrupted.", e);
        }
    }

    private static byte[] resource(String name) {
        try (InputStream stream = SluiceApi.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new BenchFailure(name + " cannot be read.", e);
        }
    }
}
