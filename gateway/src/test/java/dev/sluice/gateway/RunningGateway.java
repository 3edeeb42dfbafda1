package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.access.Route;
import dev.sluice.gateway.openapi.OpenApi;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.service.Startup;
import dev.sluice.shared.testing.Contract;
import dev.sluice.shared.testing.TestPostgres;
import dev.sluice.shared.testing.TestRedis;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.server.PathContainer;
import tools.jackson.databind.JsonNode;

/** A gateway on free ports, and a client that calls it. All methods block. */
final class RunningGateway implements AutoCloseable {

    static final Duration DEADLINE = Duration.ofSeconds(20);
    static final String PLATFORM_KEY = "sk_test-platform-key-0123456789abcdefghijklmn";
    private static final Contract CONTRACT = Contract.of(Json.bytes(OpenApi.of(AccessRules.ROUTES)));
    static final byte[] ASSERTION_KEY = new byte[32];

    private final ConfigurableApplicationContext context;
    private final HttpClient client;

    private RunningGateway(ConfigurableApplicationContext context) {
        this.context = context;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(DEADLINE)
                .build();
    }

    /** On a database of its own. */
    static RunningGateway start(String... settings) {
        return start(TestPostgres.freshDatabase(), settings);
    }

    static RunningGateway start(PostgresSettings database, String... settings) {
        List<String> all = new ArrayList<>(List.of(
                "server.port=0",
                "management.server.port=0",
                "SLUICE_LOG_FORMAT=text",
                "sluice.postgres.url=" + database.url(),
                "sluice.postgres.migrate.password=" + database.password(DatabaseRole.MIGRATE),
                "sluice.postgres.api.password=" + database.password(DatabaseRole.API),
                "sluice.postgres.ingest.password=" + database.password(DatabaseRole.INGEST),
                "sluice.redis.url=" + TestRedis.url(),
                "sluice.crypto.master-key=" + Base64.getEncoder().encodeToString(new byte[32]),
                "sluice.assertion.key=" + Base64.getEncoder().encodeToString(ASSERTION_KEY),
                "sluice.executor.url=http://127.0.0.1:1",
                "sluice.identity.bootstrap-api-key=" + PLATFORM_KEY,
                // All tests come from one address, and share what they take of its limit.
                "sluice.admission.entrance-rate=1000",
                "sluice.admission.entrance-burst=10000"));
        // Of two arguments for one setting Spring would make a list; the later one is to win.
        all.removeIf(setting -> Stream.of(settings).anyMatch(own -> name(own).equals(name(setting))));
        all.addAll(List.of(settings));
        String[] arguments = all.stream().map(setting -> "--" + setting).toArray(String[]::new);
        var gateway = new RunningGateway(new SpringApplicationBuilder(GatewayApplication.class).run(arguments));
        gateway.awaitReady();
        return gateway;
    }

    private static String name(String setting) {
        return setting.substring(0, setting.indexOf('='));
    }

    /** By its clock. */
    Instant now() {
        return context.getBean(Clock.class).instant();
    }

    ConfigurableApplicationContext context() {
        return context;
    }

    int port() {
        return port("local.server.port");
    }

    int managementPort() {
        return port("local.management.port");
    }

    Answer get(String path, String... headers) {
        return send(request(path).GET(), headers);
    }

    Answer post(String path, String body, String... headers) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
    }

    Answer postAs(String key, String path, String body) {
        return post(path, body, "Authorization", "Bearer " + key, "Content-Type", "application/json");
    }

    Answer getAs(String key, String path) {
        return get(path, "Authorization", "Bearer " + key);
    }

    Answer send(HttpRequest.Builder request, String... headers) {
        return send(client, headers.length == 0 ? request : request.headers(headers));
    }

    /** On a connection that nothing else has used. */
    Answer sendAlone(HttpRequest.Builder request) {
        try (HttpClient alone =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return send(alone, request);
        }
    }

    private Answer send(HttpClient client, HttpRequest.Builder request) {
        try {
            Answer answer = new Answer(client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
            requireAsPromised(answer.response());
            return answer;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All answers of all tests are what the OpenAPI document says; those of scripted executors are no concern of it. */
    private void requireAsPromised(HttpResponse<byte[]> response) {
        String method = response.request().method();
        String path = response.request().uri().getRawPath();
        boolean concerned = path.startsWith("/v1") || path.startsWith("/hooks/");
        boolean scripted = isElsewhere(method, path);
        if (concerned
                && !scripted
                && !method.equals("HEAD")
                && !isPreflight(method, response.statusCode())
                && response.request().uri().getPort() == port()) {
            assertThat(CONTRACT.differences(
                            method,
                            path,
                            response.statusCode(),
                            response.headers().firstValue("Content-Type").orElse(null),
                            response.body()))
                    .as("%s %s: %s", method, path, response.statusCode())
                    .isEmpty();
        }
    }

    /** No operation's, and with nothing in it. */
    private static boolean isPreflight(String method, int status) {
        return method.equals("OPTIONS") && status == 204;
    }

    private static boolean isElsewhere(String method, String path) {
        PathContainer parsed = PathContainer.parsePath(path);
        return AccessRules.ROUTES.stream()
                .filter(Route::elsewhere)
                .anyMatch(route ->
                        route.method().name().equals(method) && route.path().matches(parsed));
    }

    HttpClient client() {
        return client;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(DEADLINE);
    }

    /** A new organization's key. */
    String newOrganization(String name) {
        return postAs(PLATFORM_KEY, "/v1/organizations", "{\"name\":\"" + name + "\"}")
                .json()
                .path("apiKey")
                .path("key")
                .stringValue();
    }

    /** A new endpoint of the platform's own organization. */
    Hook newEndpoint(String name, String source) {
        JsonNode made = postAs(
                        PLATFORM_KEY, "/v1/endpoints", "{\"name\":\"" + name + "\",\"source\":\"" + source + "\"}")
                .json();
        String url = made.path("url").stringValue();
        return new Hook(
                url.substring(url.indexOf("/hooks/")),
                made.path("secret").stringValue(),
                made.path("id").stringValue());
    }

    /** A delivery to a {@code generic-hmac} endpoint. */
    Answer deliver(Hook hook) {
        return post(hook.path(), "{}", "Content-Type", "application/json", "X-Signature-256", hook.sign("{}"));
    }

    /** The first answer of this status, or the last one at the deadline. */
    static Answer eventually(Supplier<Answer> request, int status) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        Answer answer = request.get();
        while (answer.status() != status && System.nanoTime() < deadline) {
            answer = request.get();
        }
        return answer;
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!context.getBean(Startup.class).done()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the gateway did not become ready");
            }
            Thread.onSpinWait();
        }
    }

    private int port(String name) {
        return Integer.parseInt(context.getEnvironment().getRequiredProperty(name));
    }

    @Override
    public void close() {
        client.shutdownNow();
        context.close();
    }

    /** A webhook address with its secret. */
    record Hook(String path, String secret, String id) {

        String sign(String body) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret.getBytes(java.nio.charset.StandardCharsets.UTF_8), "HmacSHA256"));
                byte[] bytes = mac.doFinal(body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                return "sha256=" + HexFormat.of().formatHex(bytes);
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        String[] github(String delivery, String body) {
            return new String[] {
                "Content-Type",
                "application/json",
                "X-GitHub-Event",
                "push",
                "X-GitHub-Delivery",
                delivery,
                "X-Hub-Signature-256",
                sign(body)
            };
        }
    }

    /** An answer with its body read as JSON when asked. */
    record Answer(HttpResponse<byte[]> response) {

        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        JsonNode json() {
            return Json.read(response.body());
        }

        String text() {
            return new String(response.body(), java.nio.charset.StandardCharsets.UTF_8);
        }
    }
}
