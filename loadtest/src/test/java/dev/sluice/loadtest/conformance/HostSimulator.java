package dev.sluice.loadtest.conformance;

import dev.sluice.shared.json.Json;
import dev.sluice.shared.testing.CertifiedServer;
import dev.sluice.shared.testing.TestRedis;
import dev.sluice.shared.testing.TestTls;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stands in for all hosts that scenarios name: over TLS for the pet store and the httpbin of the CTK, and {@code things.example} of
 * the project's own, without it for the one host from which an example of the specification has a document; and for the one service of
 * gRPC, at two ports of {@code things.example}. Thread-safe.
 */
final class HostSimulator implements AutoCloseable {

    private static final List<String> HOSTS =
            List.of("petstore.swagger.io", "httpbin.org", "things.example", "raw.githubusercontent.com", "fake.com");
    private static final String PLAIN_HOST = "myorg.io";
    private static final String REDIS = "things.example:6379";

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PETS = 10;

    private final Authority authority = new Authority();
    private final Descriptions descriptions = new Descriptions();
    private final Streams streams = new Streams();
    private final MessageChannels channels = new MessageChannels();
    private final Map<String, Integer> visits = new ConcurrentHashMap<>();
    private final Path certificate;
    private final DisposableServer server;
    private final DisposableServer plain;
    private final Greeter greeter;
    private final TestTls client;
    private final CertifiedServer certified;

    /** Starts on free ports, with a certificate made for it. */
    HostSimulator(Path folder) {
        TestTls tls = TestTls.named(folder, "hosts", HOSTS);
        this.certificate = tls.certificate(folder.resolve("hosts.pem"));
        HttpServer here = HttpServer.create().host("127.0.0.1").port(0).route(this::routes);
        this.server = here.protocol(HttpProtocol.HTTP11, HttpProtocol.H2)
                .secure(spec -> spec.sslContext(tls.offeringHttp2()))
                .bindNow(PATIENCE);
        this.plain = here.bindNow(PATIENCE);
        this.greeter = new Greeter(tls);
        this.client = TestTls.named(folder, "ada", List.of("ada.example"));
        this.certified = new CertifiedServer(tls, List.of(client));
    }

    /** What an executor needs to know to come here and nowhere else. */
    Map<String, String> variables() {
        return Map.of(
                "SLUICE_OUTBOUND_CONNECT_TO", String.join(",", connectTo()),
                "SLUICE_OUTBOUND_TRUSTED_CERTIFICATES", certificate.toString());
    }

    List<String> connectTo() {
        return Stream.concat(
                        HOSTS.stream().map(host -> host + ":443=" + address(server)),
                        Stream.of(
                                PLAIN_HOST + ":80=" + address(plain),
                                "things.example:5011=" + address(greeter.port()),
                                "things.example:5012=" + address(greeter.tlsPort()),
                                "things.example:5013=" + address(certified.port()),
                                REDIS + '=' + redis()))
                .toList();
    }

    Path certificate() {
        return certificate;
    }

    /** The one client that {@code things.example:5013} knows. */
    TestTls client() {
        return client;
    }

    /** Where it is, which is nowhere that workflows may reach unless they are allowed to. */
    List<String> addresses() {
        return List.of(
                address(server),
                address(plain),
                address(greeter.port()),
                address(greeter.tlsPort()),
                address(certified.port()),
                redis());
    }

    @Override
    public void close() {
        server.disposeNow(PATIENCE);
        plain.disposeNow(PATIENCE);
        greeter.close();
        certified.close();
    }

    private static String redis() {
        return "127.0.0.1:" + TestRedis.url().getPort();
    }

    private static String address(DisposableServer server) {
        return address(server.port());
    }

    private static String address(int port) {
        return "127.0.0.1:" + port;
    }

    private void routes(HttpServerRoutes routes) {
        authority.routes(routes);
        descriptions.routes(routes);
        streams.routes(routes);
        Agents.routes(routes);
        Uploads.routes(routes);
        channels.routes(routes);
        routes.get("/v2/swagger.json", (request, response) -> Answers.json(response, PetStore.DOCUMENT))
                .get(
                        "/v2/pet/findByStatus",
                        (request, response) -> Answers.json(response, PetStore.withStatus(query(request))))
                .get("/v2/pet/{id}", HostSimulator::pet)
                .get("/status/{status}", HostSimulator::status)
                .get("/text", (request, response) -> Answers.text(response, "plain words"))
                .get("/script.js", (request, response) -> Answers.text(response, "console.log('from elsewhere')"))
                .get("/moved", HostSimulator::moved)
                .get("/flaky/{key}", this::flaky)
                .get(
                        "/slow",
                        (request, response) -> Mono.delay(PATIENCE).then(Mono.from(Answers.text(response, "late"))))
                .route(request -> request.fullPath().startsWith("/echo"), HostSimulator::echo);
    }

    private static Publisher<Void> pet(HttpServerRequest request, HttpServerResponse response) {
        String id = Objects.requireNonNull(request.param("id"));
        return id.matches("[0-9]{1,4}") && Integer.parseInt(id) <= PETS
                ? Answers.json(response, PetStore.pet(Integer.parseInt(id)))
                : Answers.json(response.status(404), Json.object().put("message", "Pet not found"));
    }

    private static Publisher<Void> status(HttpServerRequest request, HttpServerResponse response) {
        int status = Integer.parseInt(Objects.requireNonNull(request.param("status")));
        return Answers.json(response.status(status), Json.object().put("status", status));
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
        return Answers.json(
                response.status(visit > failures ? 200 : 503), Json.object().put("visit", visit));
    }

    /** Says what was asked. */
    private static Publisher<Void> echo(HttpServerRequest request, HttpServerResponse response) {
        ObjectNode said = Json.object();
        said.put("method", request.method().name());
        said.put("path", new QueryStringDecoder(request.uri()).rawPath());
        said.set("query", parameters(request));
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
                    return Mono.from(Answers.json(response, said));
                });
    }

    /** One that comes several times is a list. */
    private static ObjectNode parameters(HttpServerRequest request) {
        ObjectNode parameters = Json.object();
        new QueryStringDecoder(request.uri()).parameters().forEach((name, values) -> {
            if (values.size() == 1) {
                parameters.put(name, values.getFirst());
            } else {
                values.forEach(parameters.putArray(name)::add);
            }
        });
        return parameters;
    }

    /** Of a parameter that comes several times, the last one. */
    private static Map<String, String> query(HttpServerRequest request) {
        Map<String, String> query = new TreeMap<>();
        new QueryStringDecoder(request.uri()).parameters().forEach((name, values) -> query.put(name, values.getLast()));
        return query;
    }
}
