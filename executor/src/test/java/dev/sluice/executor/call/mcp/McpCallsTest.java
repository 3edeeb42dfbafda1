package dev.sluice.executor.call.mcp;

import static dev.sluice.executor.call.RpcCalls.fails;
import static dev.sluice.executor.call.RpcCalls.outcomeIsUnknown;
import static dev.sluice.executor.call.RpcCalls.output;
import static dev.sluice.executor.call.mcp.McpScripts.answered;
import static dev.sluice.executor.call.mcp.McpScripts.server;
import static dev.sluice.executor.call.mcp.McpScripts.task;
import static dev.sluice.executor.call.mcp.McpScripts.tool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.call.RpcCalls;
import dev.sluice.executor.call.RpcPeer;
import dev.sluice.executor.call.RpcPeer.Asked;
import dev.sluice.executor.call.RpcPeer.Script;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Calls of servers that do as they like. */
final class McpCallsTest {

    private static final String HELLO =
            "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}";

    private final RpcCalls calls = new RpcCalls();

    @AfterEach
    void close() {
        calls.close();
    }

    @Test
    void introduceThemselvesAskAndSayGoodbye() {
        try (RpcPeer server = new RpcPeer(server((asked, response) -> answered(asked, response, "{\"tools\":[]}")))) {
            assertThat(output(calls.call(tool(server)))).hasToString("{\"tools\":[]}");

            assertThat(server.said())
                    .containsExactly("initialize", "notifications/initialized", "tools/call", "DELETE");
            Asked hello = server.asked().getFirst();
            assertThat(hello.body().path("params").path("protocolVersion").asString())
                    .isEqualTo("2025-06-18");
            assertThat(hello.body()
                            .path("params")
                            .path("clientInfo")
                            .path("name")
                            .asString())
                    .isEqualTo("sluice");
            assertThat(hello.body().path("params").path("capabilities")).isEmpty();
            assertThat(hello.headers())
                    .containsEntry("accept", "application/json, text/event-stream")
                    .containsKey("traceparent")
                    .doesNotContainKeys("mcp-session-id", "mcp-protocol-version", "idempotency-key");
            for (Asked later : server.asked().subList(1, 4)) {
                assertThat(later.headers())
                        .containsEntry("mcp-session-id", "session-1")
                        .containsEntry("mcp-protocol-version", "2025-06-18");
            }
            Asked call = server.asked("tools/call").getFirst();
            assertThat(call.header("idempotency-key")).isEqualTo("the-key");
            assertThat(call.body().path("params"))
                    .hasToString("{\"name\":\"weather\",\"arguments\":{\"city\":\"Ulm\"},"
                            + "\"_meta\":{\"dev.sluice/idempotency-key\":\"the-key\"}}");
            assertThat(server.asked("notifications/initialized")
                            .getFirst()
                            .body()
                            .has("id"))
                    .isFalse();
        }
    }

    @Test
    void haveNoSessionToEndWhereAServerHasNone() {
        try (RpcPeer server = new RpcPeer((asked, response) -> switch (asked.method()) {
            case "initialize" -> RpcPeer.json(response, RpcPeer.result(asked, HELLO));
            case "notifications/initialized" -> RpcPeer.status(response, 202);
            default -> answered(asked, response, "{\"resources\":[]}");
        })) {
            assertThat(output(calls.call(task(server, "resources/list", "")))).hasToString("{\"resources\":[]}");

            assertThat(server.said()).containsExactly("initialize", "notifications/initialized", "resources/list");
            assertThat(server.asked("resources/list").getFirst().body().has("params"))
                    .isFalse();
        }
    }

    @Test
    void sayWhatTheDocumentSaysOfClientVersionAndHeaders() {
        try (RpcPeer server = new RpcPeer(server((asked, response) -> answered(asked, response, "{}")))) {
            String task = """
                    call: mcp
                    with:
                      protocolVersion: '2025-11-25'
                      method: prompts/get
                      parameters: '${ {name: .user} }'
                      client: { name: synapse, version: 1.0.0-alpha }
                      transport:
                        http:
                          endpoint: { uri: 'URL/{user}', authentication: { bearer: { token: '${ .user + "-token" }' } } }
                          headers: { X-Tenant: '${ .city }', X-Who: '${ $authorization.parameter }' }
                    """.replace("URL", server.url());
            assertThat(output(calls.call(task))).isEmpty();

            Asked hello = server.asked().getFirst();
            assertThat(hello.body().path("params").path("protocolVersion").asString())
                    .isEqualTo("2025-11-25");
            assertThat(hello.body().path("params").path("clientInfo"))
                    .hasToString("{\"name\":\"synapse\",\"version\":\"1.0.0-alpha\"}");
            assertThat(server.asked("prompts/get").getFirst().body().path("params"))
                    .hasToString("{\"name\":\"jo\"}");
            assertThat(server.asked())
                    .allSatisfy(one -> assertThat(one.headers())
                            .containsEntry("authorization", "Bearer jo-token")
                            .containsEntry("x-tenant", "Ulm")
                            .containsEntry("x-who", "jo-token"));
        }
    }

    @Test
    void readStreamsUpToTheAnswerAndReplyToWhatTheServerAsks() {
        AtomicBoolean cut = new AtomicBoolean();
        Script script = server((asked, response) -> RpcPeer.events(
                response,
                Flux.just(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progress\":1}}",
                                "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}",
                                "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"sampling/createMessage\",\"params\":{}}",
                                "{\"jsonrpc\":\"2.0\",\"id\":\"99\",\"result\":{\"not\":\"ours\"}}",
                                RpcPeer.result(asked, "{\"ours\":true}"))
                        .concatWith(Flux.never())
                        .doOnCancel(() -> cut.set(true))));
        try (RpcPeer server = new RpcPeer(script)) {
            assertThat(output(calls.call(tool(server)))).hasToString("{\"ours\":true}");

            List<JsonNode> replies = server.asked().stream()
                    .filter(one -> one.verb().equals("POST") && one.method().isEmpty())
                    .map(Asked::body)
                    .toList();
            assertThat(replies).hasSize(2);
            assertThat(replies.get(0)).hasToString("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{}}");
            assertThat(replies.get(1).path("id").asString()).isEqualTo("x");
            assertThat(replies.get(1).path("error").path("code").asInt()).isEqualTo(-32601);
            assertThat(server.awaited(one -> one.verb().equals("DELETE")).header("mcp-session-id"))
                    .isEqualTo("session-1");
        }
    }

    /** A tool that failed is a result of JSON-RPC; its flag is for the workflow to see. */
    @Test
    void giveToolsErrorsAsResultsAndThoseOfTheProtocolAsErrors() {
        String failed = "{\"content\":[{\"type\":\"text\",\"text\":\"no such city\"}],\"isError\":true}";
        try (RpcPeer server = new RpcPeer(server((asked, response) -> answered(asked, response, failed)))) {
            assertThat(output(calls.call(tool(server)))).hasToString(failed);
        }
        try (RpcPeer server = new RpcPeer(server(
                (asked, response) -> RpcPeer.json(response, RpcPeer.error(asked, -32602, "unknown tool xxx"))))) {
            assertThat(outcomeIsUnknown(calls.call(tool(server)), "runtime", 500, "error -32602: unknown tool xxx"))
                    .isFalse();
        }
        // Cut short, a secret in it would not be recognized.
        try (RpcPeer server = new RpcPeer(server((asked, response) ->
                RpcPeer.json(response, RpcPeer.error(asked, -32602, "unknown tool " + "x".repeat(1_000)))))) {
            assertThat(outcomeIsUnknown(calls.call(tool(server)), "runtime", 500, "error -32602."))
                    .isFalse();
        }
    }

    @Test
    void goOnWithAnOlderVersionThatTheServerHas() {
        try (RpcPeer server = new RpcPeer((asked, response) -> switch (asked.method()) {
            case "initialize" ->
                RpcPeer.json(response, RpcPeer.result(asked, HELLO.replace("2025-06-18", "2025-03-26")));
            case "tools/call" -> answered(asked, response, "{}");
            default -> RpcPeer.status(response, 202);
        })) {
            assertThat(output(calls.call(tool(server)))).isEmpty();
            assertThat(server.asked("tools/call").getFirst().header("mcp-protocol-version"))
                    .isEqualTo("2025-03-26");
        }
    }

    @Test
    void doNotShowCredentialsThatAServerEchoes() {
        try (RpcPeer server =
                new RpcPeer(server((asked, response) -> asked.method().equals("tools/list")
                        ? RpcPeer.json(response, RpcPeer.error(asked, -32000, asked.header("authorization")))
                        : answered(asked, response, "{\"seen\":\"" + asked.header("authorization") + "\"}")))) {
            String policy = "{ uri: " + server.url() + ", authentication: { bearer: { token: s3cret-token } } }";
            String task = tool(server).replace(server.url(), policy);
            assertThat(output(calls.call(task))).hasToString("{\"seen\":\"Bearer ***\"}");
            fails(calls.call(task.replace("tools/call", "tools/list")), "runtime", 500, "Bearer ***");
        }
    }

    @Test
    void answerAChallenge() {
        Script open = server((asked, response) -> answered(asked, response, "{}"));
        try (RpcPeer server = new RpcPeer((asked, response) -> asked.header("authorization")
                        .contains("response=")
                ? open.answer(asked, response)
                : RpcPeer.status(
                        response.header("WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""), 401))) {
            String policy =
                    "{ uri: " + server.url() + ", authentication: { digest: { username: jo, password: secret } } }";
            assertThat(output(calls.call(tool(server).replace(server.url(), policy))))
                    .isEmpty();
            assertThat(server.asked("tools/call")).hasSize(2);
        }
    }

    @Test
    void refuseArgumentsThatMakeNoCall() {
        try (RpcPeer server = new RpcPeer(server((asked, response) -> answered(asked, response, "{}")))) {
            fails(
                    calls.call(task(server, "tools/list", "  parameters: '${ .city }'\n")),
                    "expression",
                    400,
                    "parameters");
            String task = task(server, "tools/list", "").replace(server.url(), "'${ .city }'");
            fails(calls.call(task), "configuration", 400, "uri is not valid");
            String headers = tool(server)
                    .replace(
                            "endpoint: " + server.url(),
                            "endpoint: " + server.url() + ", headers: '${ {\"Mcp-Session-Id\": \"x\"} }'");
            fails(calls.call(headers), "configuration", 400, "set by the protocol");
            assertThat(server.asked()).isEmpty();
        }
    }
}
