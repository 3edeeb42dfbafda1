package dev.sluice.shared.local;

import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The few calls of the public API that the demo makes. Blocking, as a program on the command line may be. */
final class ApiClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final String gateway;
    private final String apiKey;

    ApiClient(String gateway, String apiKey) {
        this.gateway = gateway;
        this.apiKey = apiKey;
    }

    JsonNode get(String path) {
        return json(send(authorized(path).timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray()));
    }

    JsonNode post(String path, String mediaType, byte[] body) {
        HttpRequest request = authorized(path)
                .timeout(TIMEOUT)
                .header("Content-Type", mediaType)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        return json(send(request, HttpResponse.BodyHandlers.ofByteArray()));
    }

    /** As a webhook's sender does it: no API key, the headers given. */
    JsonNode deliver(URI hook, Map<String, String> headers, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(hook)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return json(send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
    }

    /** The lines of an event stream until it ends; the caller closes it. */
    Stream<String> stream(String path) {
        HttpResponse<Stream<String>> response = send(
                authorized(path).header("Accept", "text/event-stream").build(), HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            response.body().close();
            throw new LocalFailure("GET " + path + " answered " + response.statusCode() + ".");
        }
        return response.body();
    }

    private HttpRequest.Builder authorized(String path) {
        return HttpRequest.newBuilder(URI.create(gateway + path)).header("Authorization", "Bearer " + apiKey);
    }

    private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> body) {
        try {
            return client.send(request, body);
        } catch (IOException e) {
            throw new LocalFailure(request.method() + " " + request.uri().getPath() + " failed: " + e + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted.", e);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        if (response.statusCode() / 100 != 2) {
            throw new LocalFailure("%s %s answered %d: %s"
                    .formatted(
                            response.request().method(),
                            response.uri().getPath(),
                            response.statusCode(),
                            new String(response.body(), StandardCharsets.UTF_8)));
        }
        return Json.trusted(response.body());
    }

    @Override
    public void close() {
        client.close();
    }
}
