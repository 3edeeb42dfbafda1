package dev.sluice.executor.api;

import static dev.sluice.shared.testing.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.executor.ExecutorApplication;
import dev.sluice.shared.assertion.IdentityAssertion;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.postgres.DatabaseRole;
import dev.sluice.shared.postgres.Migrations;
import dev.sluice.shared.postgres.PostgresSettings;
import dev.sluice.shared.service.Startup;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestRedis;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import tools.jackson.databind.JsonNode;

/** One executor in this JVM, asked as a gateway asks it. */
final class RunningExecutor implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final byte[] KEY = new byte[32];

    /** Its own, as a gateway's are: a server that stops takes the JVM's shared connections to its address with it. */
    private static final ConnectionProvider CONNECTIONS = ConnectionProvider.create("tests");

    /** Its own, since a stopping executor ends the JVM's shared ones. */
    private static final LoopResources LOOPS = LoopResources.create("tests");

    private final ConfigurableApplicationContext context;
    private final HttpClient http;

    @SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
    private final IdentityAssertion assertion = new IdentityAssertion(KEY, Clock.systemUTC());

    private RunningExecutor(ConfigurableApplicationContext context) {
        this.context = context;
        this.http = HttpClient.create(CONNECTIONS)
                .runOn(LOOPS)
                .protocol(HttpProtocol.H2C)
                .baseUrl("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port"));
    }

    /** An answer with its body read. */
    record Answer(int status, Map<String, String> headers, String body) {

        String location() {
            return Objects.requireNonNull(headers.get("location"), "location");
        }

        JsonNode json() {
            return Json.read(body.getBytes(UTF_8));
        }
    }

    /** Starts on a database where the gateway's tables are already. */
    static RunningExecutor start(PostgresSettings database, String... properties) {
        Migrations.run(
                        database,
                        "filesystem:../gateway/src/main/resources/db/migration/gateway",
                        "identity",
                        List.of("identity", "ingress"))
                .block(PATIENCE);
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("server.port", "0");
        settings.put("management.server.port", "0");
        settings.put("sluice.postgres.url", database.url().toString());
        settings.put("sluice.postgres.migrate.password", database.password(DatabaseRole.MIGRATE));
        settings.put("sluice.postgres.api.password", database.password(DatabaseRole.API));
        settings.put("sluice.postgres.engine.password", database.password(DatabaseRole.ENGINE));
        settings.put("sluice.redis.url", TestRedis.url().toString());
        settings.put("sluice.crypto.master-key", Base64.getEncoder().encodeToString(KEY));
        settings.put("sluice.assertion.key", Base64.getEncoder().encodeToString(KEY));
        settings.put("sluice.executor.node.lease", "10s");
        settings.put("sluice.executor.outbound-allow", "127.0.0.0/8");
        for (String property : properties) {
            int equals = property.indexOf('=');
            settings.put(property.substring(0, equals), property.substring(equals + 1));
        }
        String[] arguments = settings.entrySet().stream()
                .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);
        RunningExecutor executor =
                new RunningExecutor(new SpringApplicationBuilder(ExecutorApplication.class).run(arguments));
        executor.context.getBean(Startup.class).completed().block(PATIENCE);
        return executor;
    }

    static Principal principal() {
        return new Principal(new OrganizationId(UUID.randomUUID()), UUID.randomUUID(), Principal.Scope.ORGANIZATION);
    }

    /** Asks on behalf of a principal; header names and values in turn. */
    Answer ask(Principal principal, String method, String path, @Nullable String body, String... headers) {
        return Objects.requireNonNull(request(principal, method, path, body, headers)
                .responseSingle((response, content) -> content.asString(UTF_8)
                        .defaultIfEmpty("")
                        .map(text -> new Answer(response.status().code(), headers(response.responseHeaders()), text)))
                .block(PATIENCE));
    }

    /** The lines of an event stream, as they arrive. */
    Flux<String> lines(Principal principal, String path, String... headers) {
        return request(principal, "GET", path, null, headers)
                .responseContent()
                .asString(UTF_8)
                .flatMapIterable(text -> List.of(text.split("(?<=\n)")))
                .map(String::stripTrailing);
    }

    /** Blocks until the caller has so many runs. */
    void awaitRuns(Principal principal, int count) {
        eventually(() -> ask(principal, "GET", "/v1/runs", null).json().path("items"), runs -> runs.size() >= count);
    }

    /** Blocks until a run has a status; the run as it is then. */
    @CanIgnoreReturnValue
    JsonNode await(Principal principal, String run, String status) {
        return eventually(
                () -> ask(principal, "GET", run, null).json(),
                now -> now.path("status").asString().equals(status));
    }

    Answer unsigned(String path, String assertionHeader) {
        return Objects.requireNonNull(http.headers(h -> h.set(IdentityAssertion.HEADER, assertionHeader))
                .get()
                .uri(path)
                .responseSingle((response, content) -> content.asString(UTF_8)
                        .defaultIfEmpty("")
                        .map(text -> new Answer(response.status().code(), Map.of(), text)))
                .block(PATIENCE));
    }

    String deploy(Principal principal, String name, String tasks) {
        String document = """
                document: { dsl: '1.0.3', namespace: test, name: %s, version: '1.0.0' }
                """.formatted(name) + tasks;
        Answer answer = ask(principal, "POST", "/v1/workflows", document, "Content-Type", "application/yaml");
        if (answer.status() != 201) {
            throw new AssertionError("Deploying answered " + answer);
        }
        return "/v1/workflows/test/" + name;
    }

    @Override
    public void close() {
        context.close();
    }

    private HttpClient.ResponseReceiver<?> request(
            Principal principal, String method, String path, @Nullable String body, String... headers) {
        String signature = assertion.sign(principal, method, path);
        HttpClient.RequestSender sender = http.headers(h -> {
                    h.set(IdentityAssertion.HEADER, signature);
                    for (int i = 0; i < headers.length; i += 2) {
                        h.set(headers[i], headers[i + 1]);
                    }
                })
                .request(HttpMethod.valueOf(method))
                .uri(path);
        return body == null ? sender : sender.send(ByteBufFlux.fromString(Mono.just(body)));
    }

    private static Map<String, String> headers(HttpHeaders headers) {
        Map<String, String> map = new LinkedHashMap<>();
        headers.forEach(header -> map.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return map;
    }
}
