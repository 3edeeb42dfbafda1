package dev.sluice.loadtest.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.testing.TestTls;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stands in over TLS for all hosts that scenarios name: the pet store and the httpbin of the CTK, and {@code things.example}
 * of the project's own. Thread-safe.
 */
final class HostSimulator implements AutoCloseable {

    static final List<String> HOSTS = List.of("petstore.swagger.io", "httpbin.org", "things.example");

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String JSON = "application/json";
    private static final int PETS = 10;

    private final Map<String, Integer> visits = new ConcurrentHashMap<>();
    private final Path certificate;
    private final DisposableServer server;

    /** Starts on a free port, with a certificate made for it. */
    HostSimulator(Path folder) {
        TestTls tls = TestTls.named(folder, "hosts", HOSTS);
        this.certificate = tls.certificate(folder.resolve("hosts.pem"));
        this.server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
                .secure(spec -> spec.sslContext(tls.offeringHttp2()))
                .route(this::routes)
                .bindNow(PATIENCE);
    }

    /** What an executor needs to know to come here and nowhere else. */
    Map<String, String> variables() {
        return Map.of(
                "SLUICE_OUTBOUND_CONNECT_TO", String.join(",", connectTo()),
                "SLUICE_OUTBOUND_TRUSTED_CERTIFICATES", certificate.toString());
    }

    List<String> connectTo() {
        return HOSTS.stream().map(host -> host + ":443=" + address()).toList();
    }

    Path certificate() {
        return certificate;
    }

    String address() {
        return "127.0.0.1:" + server.port();
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
    }

    private void routes(HttpServerRoutes routes) {
        routes.get("/v2/swagger.json", (request, response) -> json(response, PetStore.DOCUMENT))
                .get("/v2/pet/findByStatus", (request, response) -> json(response, PetStore.withStatus(query(request))))
                .get("/v2/pet/{id}", HostSimulator::pet)
                .get("/basic-auth/{user}/{password}", HostSimulator::login)
                .get("/status/{status}", HostSimulator::status)
                .get("/text", (request, response) -> text(response, "plain words"))
                .get("/moved", HostSimulator::moved)
                .get("/flaky/{key}", this::flaky)
                .get("/slow", (request, response) -> Mono.delay(PATIENCE).then(Mono.from(text(response, "late"))))
                .route(request -> request.fullPath().startsWith("/echo"), HostSimulator::echo);
    }

    private static Publisher<Void> pet(HttpServerRequest request, HttpServerResponse response) {
        String id = Objects.requireNonNull(request.param("id"));
        return id.matches("[0-9]{1,4}") && Integer.parseInt(id) <= PETS
                ? json(response, PetStore.pet(Integer.parseInt(id)))
                : json(response.status(404), Json.object().put("message", "Pet not found"));
    }

    /** Like httpbin: whoever does not say who they are is asked to. */
    private static Publisher<Void> login(HttpServerRequest request, HttpServerResponse response) {
        String user = request.param("user");
        String given = request.requestHeaders().get(HttpHeaderNames.AUTHORIZATION, "");
        String expected =
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + request.param("password")).getBytes(UTF_8));
        return given.equals(expected)
                ? json(response, Json.object().put("authenticated", true).put("user", user))
                : response.status(401)
                        .header(HttpHeaderNames.WWW_AUTHENTICATE, "Basic realm=\"Simulated\"")
                        .send();
    }

    private static Publisher<Void> status(HttpServerRequest request, HttpServerResponse response) {
        int status = Integer.parseInt(Objects.requireNonNull(request.param("status")));
        return json(response.status(status), Json.object().put("status", status));
    }

    private static Publisher<Void> moved(HttpServerRequest request, HttpServerResponse response) {
        return response.status(302)
                .header(HttpHeaderNames.LOCATION, "https://things.example/text")
                .send();
    }

    /** Answers with 503 as often as the query says, and well from then on. */
    private Publisher<Void> flaky(HttpServerRequest request, HttpServerResponse response) {
        int visit = visits.merge(Objects.requireNonNull(request.param("key")), 1, Integer::sum);
        int failures = Integer.parseInt(query(request).getOrDefault("failures", "0"));
        return json(response.status(visit > failures ? 200 : 503), Json.object().put("visit", visit));
    }

    /** Says what was asked. */
    private static Publisher<Void> echo(HttpServerRequest request, HttpServerResponse response) {
        ObjectNode said = Json.object();
        said.put("method", request.method().name());
        said.put("path", request.fullPath());
        query(request).forEach(said.putObject("query")::put);
        ObjectNode headers = said.putObject("headers");
        request.requestHeaders()
                .forEach(header -> headers.put(header.getKey().toLowerCase(Locale.ROOT), header.getValue()));
        return request.receive()
                .aggregate()
                .asByteArray()
                .defaultIfEmpty(new byte[0])
                .flatMap(body -> {
                    if (body.length > 0) {
                        said.set("body", Json.read(body));
                    }
                    return Mono.from(json(response, said));
                });
    }

    /** Of parameters that come once, none of which is encoded. */
    private static Map<String, String> query(HttpServerRequest request) {
        int mark = request.uri().indexOf('?');
        return mark < 0
                ? Map.of()
                : Arrays.stream(request.uri().substring(mark + 1).split("&"))
                        .map(parameter -> parameter.split("=", 2))
                        .collect(Collectors.toUnmodifiableMap(pair -> pair[0], pair -> pair[1]));
    }

    private static Publisher<Void> text(HttpServerResponse response, String text) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "text/plain").sendString(Mono.just(text));
    }

    private static Publisher<Void> json(HttpServerResponse response, JsonNode body) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, JSON).sendByteArray(Mono.just(Json.bytes(body)));
    }
}
