package dev.sluice.loadtest.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.json.Json;
import java.io.IOException;
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

/** The public API of one gateway as a client and as a sender of webhooks see it. Blocks; thread-safe. */
public final class Api {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int UNAVAILABLE = 503;

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final URI gateway;

    public Api(URI gateway) {
        this.gateway = gateway;
    }

    /**
     * An answer.
     *
     * @param location   path of what was made; empty when it says nothing
     * @param retryAfter seconds, 0 when it says nothing
     */
    public record Answer(int status, JsonNode body, String location, long retryAfter) {

        public boolean accepted() {
            return status / 100 == 2;
        }
    }

    /** An endpoint of source github. */
    public record Hook(URI url, String secret, String eventSource) {

        /** Without the secret and the address, which is one. */
        @Override
        public String toString() {
            return "Hook[eventSource=" + eventSource + "]";
        }
    }

    public HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(gateway.resolve(target))
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + DrillSystem.API_KEY)
                .header("Content-Type", "application/json");
    }

    public HttpRequest.Builder post(String target, String body) {
        return request(target).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    /** Deploys a document that is not there yet. */
    public void deploy(String document) {
        Answer answer = soon(post("/v1/workflows", document).setHeader("Content-Type", "application/yaml"));
        require(answer, answer.accepted());
    }

    public Hook createHook(String name) {
        Answer answer = soon(post("/v1/endpoints", "{\"name\":\"%s\",\"source\":\"github\"}".formatted(name)));
        require(answer, answer.accepted());
        return new Hook(
                URI.create(answer.body().path("url").asString()),
                answer.body().path("secret").asString(),
                answer.body().path("event").path("source").asString());
    }

    /** Posts a delivery to this gateway as GitHub does, signed with the hook's secret. */
    public Answer deliver(Hook hook, UUID delivery, String payload) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(gateway.resolve(hook.url().getPath()))
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("X-GitHub-Event", "push")
                .header("X-GitHub-Delivery", delivery.toString())
                .header("X-Hub-Signature-256", "sha256=" + hmac(hook.secret(), payload))
                .POST(HttpRequest.BodyPublishers.ofString(payload)));
    }

    /** The body of a 200; fails on any other answer. */
    public JsonNode get(String target) {
        Answer answer = now(request(target));
        require(answer, answer.status() == 200);
        return answer.body();
    }

    /** Asks again and again until the answer is 200 and as wanted. */
    public JsonNode await(String target, Duration limit, Predicate<JsonNode> until) throws InterruptedException {
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
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
        throw new DrillFailure(target + " did not come to the expected state in " + limit + ": " + last);
    }

    public Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        JsonNode body = response.body().length == 0 ? Json.object() : Json.read(response.body());
        return new Answer(
                response.statusCode(),
                body,
                response.headers().firstValue("Location").orElse(""),
                response.headers().firstValueAsLong("Retry-After").orElse(0));
    }

    /** A scenario before may have ended with a kill of the database, which a gateway's idle connections do not know yet. */
    private Answer soon(HttpRequest.Builder request) {
        long deadline = System.nanoTime() + SOON.toNanos();
        Answer answer = now(request);
        while (answer.status() == UNAVAILABLE && System.nanoTime() < deadline) {
            Pause.of(POLL);
            answer = now(request);
        }
        return answer;
    }

    private Answer now(HttpRequest.Builder request) {
        try {
            return send(request);
        } catch (IOException e) {
            throw new DrillFailure("The gateway at " + gateway + " does not answer: " + e + ".", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DrillFailure("Interrupted.", e);
        }
    }

    private static void require(Answer answer, boolean good) {
        if (!good) {
            throw new DrillFailure("Answered with " + answer.status() + ": " + answer.body());
        }
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
