package dev.sluice.loadtest.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.shared.json.Json;
import io.netty.handler.codec.http.HttpHeaderNames;
import java.util.Base64;
import java.util.function.BiFunction;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.HttpServerRoutes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server of the Model Context Protocol and an agent, on {@code things.example}. They keep nothing. */
final class Agents {

    private static final String SESSION = "Mcp-Session-Id";
    private static final JsonNode TOOLS = Yaml.read("tools: [ { name: say }, { name: fail }, { name: wait } ]");
    private static final JsonNode CARD = Yaml.read("{ name: Things, url: 'https://things.example/agent' }");
    private static final JsonNode GRPC_CARD =
            Yaml.read("{ name: Things, url: 'https://things.example/grpc', preferredTransport: GRPC }");
    private static final JsonNode WORKING =
            Yaml.read("{ kind: status-update, status: { state: working }, final: false }");
    private static final JsonNode COMPLETED =
            Yaml.read("{ kind: status-update, status: { state: completed }, final: true }");

    private Agents() {}

    static void routes(HttpServerRoutes routes) {
        routes.post("/mcp", (request, response) -> answered(request, response, Agents::serve))
                .delete("/mcp", (request, response) -> response.send())
                .post("/agent", (request, response) -> answered(request, response, Agents::act))
                .get("/agent-card.json", (request, response) -> Answers.json(response, CARD))
                .get("/grpc-card.json", (request, response) -> Answers.json(response, GRPC_CARD));
    }

    /** What somebody asks for. */
    private record Asked(HttpServerRequest request, JsonNode message) {

        String method() {
            return message.path("method").asString();
        }

        JsonNode params() {
            return message.path("params");
        }

        ObjectNode result(JsonNode result) {
            ObjectNode answer = Json.object().put("jsonrpc", "2.0");
            answer.set("id", message.path("id"));
            answer.set("result", result);
            return answer;
        }

        ObjectNode error(int code, String text) {
            ObjectNode answer = Json.object().put("jsonrpc", "2.0");
            answer.set("id", message.path("id"));
            answer.putObject("error").put("code", code).put("message", text);
            return answer;
        }
    }

    private static Publisher<Void> answered(
            HttpServerRequest request,
            HttpServerResponse response,
            BiFunction<Asked, HttpServerResponse, Publisher<Void>> answer) {
        return request.receive()
                .aggregate()
                .asByteArray()
                .flatMap(body -> Mono.from(answer.apply(new Asked(request, Json.read(body)), response)));
    }

    private static Publisher<Void> serve(Asked asked, HttpServerResponse response) {
        return switch (asked.method()) {
            case "initialize" -> greet(asked, response);
            case "notifications/initialized", "notifications/cancelled" ->
                response.status(202).send();
            case "tools/list" -> Answers.json(response, asked.result(TOOLS));
            case "tools/call" -> tool(asked, response);
            default -> Answers.json(response, asked.result(Json.object().set("asked", asked.params())));
        };
    }

    /** The session's id is what was said in the beginning. */
    private static Publisher<Void> greet(Asked asked, HttpServerResponse response) {
        ObjectNode greeting = Json.object();
        greeting.set("protocolVersion", asked.params().path("protocolVersion"));
        greeting.putObject("capabilities").putObject("tools");
        greeting.putObject("serverInfo").put("name", "Things").put("version", "1");
        String session = Base64.getUrlEncoder().encodeToString(Json.bytes(asked.params()));
        return Answers.json(response.header(SESSION, session), asked.result(greeting));
    }

    private static Publisher<Void> tool(Asked asked, HttpServerResponse response) {
        return switch (asked.params().path("name").asString()) {
            case "say" ->
                events(
                        response,
                        Yaml.read("{ jsonrpc: '2.0', method: notifications/progress }"),
                        asked.result(said(asked)));
            case "fail" -> Answers.json(response, asked.result(Json.object().put("isError", true)));
            case "wait" -> response.sse().sendObject(Mono.never());
            default -> Answers.json(response, asked.error(-32602, "Unknown tool"));
        };
    }

    private static JsonNode said(Asked asked) {
        String session = asked.request().requestHeaders().get(SESSION, "");
        JsonNode greeting = Json.read(Base64.getUrlDecoder().decode(session));
        ObjectNode said = Json.object();
        said.set("arguments", asked.params().path("arguments"));
        said.set("client", greeting.path("clientInfo"));
        said.put("protocolVersion", asked.request().requestHeaders().get("MCP-Protocol-Version"));
        said.put("tenant", asked.request().requestHeaders().get("X-Tenant"));
        said.put("authenticated", asked.request().requestHeaders().contains(HttpHeaderNames.AUTHORIZATION));
        return Json.object().set("structuredContent", said);
    }

    private static Publisher<Void> act(Asked asked, HttpServerResponse response) {
        if ("missing".equals(asked.params().path("id").asString(""))) {
            return Answers.json(response, asked.error(-32001, "Task not found"));
        }
        return switch (asked.method()) {
            case "message/send" -> Answers.json(response, asked.result(asked.params()));
            case "message/stream" -> events(response, asked.result(WORKING), asked.result(COMPLETED));
            default -> {
                ObjectNode echo = Json.object().put("method", asked.method());
                echo.set("params", asked.params());
                yield Answers.json(response, asked.result(echo));
            }
        };
    }

    private static Publisher<Void> events(HttpServerResponse response, JsonNode... data) {
        return response.sse()
                .sendByteArray(Flux.just(data).map(event -> ("data: " + Json.text(event) + "\n\n").getBytes(UTF_8)));
    }
}
