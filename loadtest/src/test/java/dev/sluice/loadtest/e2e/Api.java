package dev.sluice.loadtest.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** The public API as a client and as a sender of webhooks see it. Blocks; thread-safe. */
final class Api {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final HttpClient client = HttpClient.newHttpClient();
    private final URI gateway;

    Api(URI gateway) {
        this.gateway = gateway;
    }

    /**
     * An answer.
     *
     * @param retryAfter seconds, 0 when it says nothing
     */
    record Answer(int status, JsonNode body, long retryAfter) {

        boolean accepted() {
            return status / 100 == 2;
        }
    }

    /** An endpoint of source github. */
    record Hook(URI url, String secret, String eventSource) {}

    HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(gateway.resolve(target))
                .header("Authorization", "Bearer " + LocalProcesses.API_KEY)
                .header("Content-Type", "application/json");
    }

    HttpRequest.Builder post(String target, String body) {
        return request(target).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    void deploy(String document) throws IOException, InterruptedException {
        Answer answer = send(post("/v1/workflows", document).setHeader("Content-Type", "application/yaml"));
        assertThat(answer.status()).as("%s", answer.body()).isEqualTo(201);
    }

    Hook createHook(String name) throws IOException, InterruptedException {
        JsonNode body = send(post("/v1/endpoints", "{\"name\":\"%s\",\"source\":\"github\"}".formatted(name)))
                .body();
        return new Hook(
                URI.create(body.path("url").asString()),
                body.path("secret").asString(),
                body.path("event").path("source").asString());
    }

    /** Posts a delivery as GitHub does, signed with the hook's secret. */
    Answer deliver(Hook hook, UUID delivery, String payload) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(hook.url())
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", delivery.toString())
                .header("X-Hub-Signature-256", "sha256=" + hmac(hook.secret(), payload))
                .POST(HttpRequest.BodyPublishers.ofString(payload)));
    }

    /** The body of a 200; fails on any other answer. */
    JsonNode get(String target) {
        try {
            Answer answer = send(request(target));
            assertThat(answer.status()).as("%s", answer.body()).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Asks again and again until the answer is 200 and as wanted. */
    JsonNode await(String target, Duration limit, Predicate<JsonNode> until) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "no answer";
        while (System.nanoTime() < deadline) {
            try {
                Answer answer = send(request(target));
                if (answer.status() == 200 && until.test(answer.body())) {
                    return answer.body();
                }
                last = answer.toString();
            } catch (IOException e) {
                last = e.toString();
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
        throw new AssertionError(target + " did not come to the expected state in " + limit + ": " + last);
    }

    Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response =
                client.send(request.timeout(TIMEOUT).build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode body = response.body().length == 0 ? Json.object() : Json.read(response.body());
        return new Answer(
                response.statusCode(),
                body,
                response.headers().firstValueAsLong("Retry-After").orElse(0));
    }

    private static String hmac(String secret, String payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(payload.getBytes(UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
