package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** Documents elsewhere, which a server has that does as it likes. */
class RemoteDocumentsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final List<String> ASKED = new CopyOnWriteArrayList<>();
    private static final AtomicInteger VISITS = new AtomicInteger();

    private static RunningExecutor executor;
    private static DisposableServer server;
    private static DisposableServer other;

    @BeforeAll
    static void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(RemoteDocumentsIT::answer)
                .bindNow(DEADLINE);
        other = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(RemoteDocumentsIT::answer)
                .bindNow(DEADLINE);
        executor = RunningExecutor.start(TestPostgres.freshDatabase());
    }

    @AfterAll
    static void stop() {
        // Before the executor, which ends the JVM's shared loops when it stops.
        server.disposeNow(DEADLINE);
        other.disposeNow(DEADLINE);
        executor.close();
    }

    @Test
    void areKeptAsTheyWereWhenTheWorkflowWasDeployed() {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "kept", call("/changing"));
        int deployed = VISITS.get();
        String visit = "/visit/" + deployed;

        Answer first = executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=10");
        Answer second = executor.ask(caller, "POST", workflow + "/runs", "{}", "Prefer", "wait=10");

        assertThat(first.json().path("at").asString()).isEqualTo(visit);
        assertThat(second.json().path("at").asString()).isEqualTo(visit);
        assertThat(VISITS.get()).isEqualTo(deployed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/missing  | cannot be fetched: status 404",
                "/circle   | cannot be fetched: status 302",
                "/huge     | cannot be fetched: ",
                "/garbage  | the document there is neither JSON nor YAML: ",
                "/text     | cannot be used: it is neither OpenAPI 3 nor Swagger 2.0"
            })
    void areRefusedWithTheReason(String path, String reason) {
        Answer answer = deploy(RunningExecutor.principal(), call(path));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errors").path(0).path("detail").asString())
                .startsWith(reason);
        assertThat(answer.json().path("errors")).hasSize(1);
    }

    @Test
    void areNotTooMany() {
        String tasks = IntStream.range(0, 21)
                .mapToObj(index ->
                        "  - t" + index + ": { call: 'http://127.0.0.1:" + server.port() + "/function/" + index + "' }")
                .collect(Collectors.joining("\n", "do:\n", "\n"));
        assertThat(deploy(RunningExecutor.principal(), tasks).body()).contains("more than 20 documents elsewhere");

        String large = IntStream.range(0, 4)
                .mapToObj(index ->
                        "  - t" + index + ": { call: 'http://127.0.0.1:" + server.port() + "/large/" + index + "' }")
                .collect(Collectors.joining("\n", "do:\n", "\n"));
        assertThat(deploy(RunningExecutor.principal(), large).body()).contains("more than 4194304 bytes together");
    }

    @Test
    void areAskedForByWhoeverIsKnownThereAndNowhereElse() {
        ASKED.clear();
        String tasks = """
                do:
                  - a:
                      call: openapi
                      with:
                        document:
                          endpoint: { uri: "http://127.0.0.1:%d/away", authentication: { basic: { username: jo, password: p } } }
                        operationId: op
                """.formatted(server.port());

        assertThat(deploy(RunningExecutor.principal(), tasks).status()).isEqualTo(201);
        assertThat(ASKED).containsExactly("/away Basic am86cA==", "/document ");
    }

    private static String call(String path) {
        return """
                do:
                  - a: { call: openapi, with: { document: { endpoint: "http://127.0.0.1:%d%s" }, operationId: op } }
                """.formatted(server.port(), path);
    }

    private static Answer deploy(Principal caller, String tasks) {
        String document = "document: { dsl: '1.0.3', namespace: test, name: remote, version: '1.0.0' }\n" + tasks;
        return executor.ask(caller, "POST", "/v1/workflows", document, "Content-Type", "application/yaml");
    }

    private static Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String path = "/" + request.path();
        ASKED.add(path + " " + request.requestHeaders().get("Authorization", ""));
        return switch (path.replaceAll("^/([a-z]+).*", "$1")) {
            case "changing" -> text(response, api("/visit/" + VISITS.incrementAndGet()));
            case "document" -> text(response, api("/visit/0"));
            case "visit" ->
                response.header("Content-Type", "application/json")
                        .sendString(Mono.just("{\"at\":\"" + path + "\"}"))
                        .then();
            case "circle" -> response.status(302).header("Location", "/circle").send();
            case "away" ->
                response.status(302)
                        .header("Location", "http://127.0.0.1:" + other.port() + "/document")
                        .send();
            case "huge" -> text(response, "x".repeat(3 << 20));
            case "large" -> text(response, "set: { x: '" + "x".repeat(1_500_000) + "' }");
            case "function" -> text(response, "set: { x: 1 }");
            case "garbage" -> text(response, "{\"a\": [1, }");
            case "text" -> text(response, "hello: world");
            default -> response.status(404).send();
        };
    }

    private static Mono<Void> text(HttpServerResponse response, String text) {
        return response.sendString(Mono.just(text)).then();
    }

    private static String api(String path) {
        return "{\"openapi\":\"3.1.0\",\"servers\":[{\"url\":\"http://127.0.0.1:" + server.port() + "\"}],\"paths\":{\""
                + path + "\":{\"get\":{\"operationId\":\"op\"}}}}";
    }
}
