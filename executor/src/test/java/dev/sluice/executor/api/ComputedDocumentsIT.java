package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.api.RunningExecutor.Answer;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** Documents whose addresses runs compute, on a server that does as it likes. */
class ComputedDocumentsIT {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final List<String> ASKED = new CopyOnWriteArrayList<>();

    private static RunningExecutor executor;
    private static DisposableServer server;

    @BeforeAll
    static void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle(ComputedDocumentsIT::answer)
                .bindNow(DEADLINE);
        executor = RunningExecutor.start(
                TestPostgres.freshDatabase(),
                "sluice.executor.park-after=100ms",
                "sluice.executor.call-timeout=8s",
                "sluice.outbound.connect-to=private.example:80=10.1.2.3:80");
    }

    @AfterAll
    static void stop() {
        // Before the executor, which ends the JVM's shared loops when it stops.
        server.disposeNow(DEADLINE);
        executor.close();
    }

    @Test
    void areThereAgainWhenTheRunIs() {
        Principal caller = RunningExecutor.principal();
        ASKED.clear();

        Answer answer = run(caller, "again", """
                do:
                  - asked: { call: openapi, with: { document: { endpoint: "${ .where }" }, operationId: op } }
                  - rest: { wait: { milliseconds: 1500 } }
                  - called: { call: f, with: { where: "${ $workflow.input.where }" } }
                """, "/wide/1");

        assertThat(answer.json().path("at").asString()).isEqualTo("/answer");
        assertThat(ASKED).containsExactly("/wide/1", "/answer", "/wide/1", "/answer");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/missing | communication | cannot be fetched: status 404",
                "/circle  | communication | cannot be fetched: status 302",
                "/away/http://169.254.169.254/latest | communication | cannot be fetched: The address is not public",
                "/away/http://private.example/api | communication | cannot be fetched: The address is not public",
                "/away/file:///etc/passwd | communication | cannot be fetched: ",
                "/huge    | communication | cannot be fetched: ",
                "/cut     | communication | cannot be fetched: ",
                "/slow    | timeout       | did not come in time",
                "/garbage | configuration | neither JSON nor YAML",
                "/other   | configuration | no operation 'op'"
            })
    void thatCannotBeHadAreErrorsOfTheTask(String path, String type, String detail) {
        Principal caller = RunningExecutor.principal();

        JsonNode error = run(caller, "errors", CAUGHT, path).json();

        assertThat(error.path("type").asString()).endsWith("/" + type);
        assertThat(error.path("detail").asString()).contains(detail);
    }

    /** Whatever their names say: the other name stands for one that a name server has such an address for. */
    @ParameterizedTest
    @ValueSource(strings = {"http://169.254.169.254/latest", "http://private.example/api"})
    void areNotFetchedFromWhereWorkflowsMayNotReach(String address) {
        Principal caller = RunningExecutor.principal();
        String workflow = executor.deploy(caller, "private", CAUGHT);

        JsonNode error = executor.ask(
                        caller,
                        "POST",
                        workflow + "/runs",
                        Json.text(Json.object().put("where", address)),
                        "Prefer",
                        "wait=30")
                .json();

        assertThat(error.path("type").asString()).endsWith("/communication");
        assertThat(error.path("detail").asString()).contains("cannot be fetched: The address is not public");
    }

    private static final String CAUGHT = """
            do:
              - attempt:
                  try: [ asked: { call: openapi, with: { document: { endpoint: "${ .where }" }, operationId: op } } ]
                  catch: { as: problem, do: [ told: { set: "${ $problem }" } ] }
            """;

    private static final String FUNCTION = """
            use: { functions: { f: { call: openapi, with: { document: { endpoint: "${ .where }" }, operationId: op } } } }
            """;

    private static Answer run(Principal caller, String name, String tasks, String path) {
        String workflow = executor.deploy(caller, name, FUNCTION + tasks);
        JsonNode input = Json.object().put("where", "http://127.0.0.1:" + server.port() + path);
        return executor.ask(caller, "POST", workflow + "/runs", Json.text(input), "Prefer", "wait=30");
    }

    private static Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        String path = "/" + request.path();
        ASKED.add(path);
        return switch (path.replaceAll("^/([a-z]+).*", "$1")) {
            case "wide" -> text(response, api("op", "x".repeat((2 << 20) - 1_000)));
            case "answer" ->
                response.header("Content-Type", "application/json")
                        .sendString(Mono.just("{\"at\":\"/answer\"}"))
                        .then();
            case "circle" -> response.status(302).header("Location", path).send();
            case "away" ->
                response.status(307)
                        .header("Location", path.substring("/away/".length()))
                        .send();
            case "huge" -> text(response, "x".repeat(3 << 20));
            case "cut" -> Mono.fromRunnable(() -> response.withConnection(Connection::dispose));
            case "slow" -> response.send(Mono.never()).then();
            case "garbage" -> text(response, "{\"a\": [1, }");
            case "other" -> text(response, api("another", ""));
            default -> response.status(404).send();
        };
    }

    private static Mono<Void> text(HttpServerResponse response, String text) {
        return response.sendString(Mono.just(text)).then();
    }

    private static String api(String operation, String description) {
        return "{\"openapi\":\"3.1.0\",\"info\":{\"description\":\"" + description
                + "\"},\"servers\":[{\"url\":\"http://127.0.0.1:" + server.port()
                + "\"}],\"paths\":{\"/answer\":{\"get\":{\"operationId\":\"" + operation + "\"}}}}";
    }
}
