package dev.sluice.executor.call.mcp;

import dev.sluice.executor.call.RpcPeer;
import dev.sluice.executor.call.RpcPeer.Asked;
import dev.sluice.executor.call.RpcPeer.Script;
import org.reactivestreams.Publisher;
import reactor.netty.http.server.HttpServerResponse;

/** Servers of MCP that do as a test says once they have introduced themselves, and tasks that call them. */
final class McpScripts {

    private static final String HELLO =
            "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{\"tools\":{}},\"serverInfo\":{\"name\":\"s\",\"version\":\"1\"}}";

    private McpScripts() {}

    static String tool(RpcPeer server) {
        return task(server, "tools/call", "  parameters: { name: weather, arguments: { city: '${ .city }' } }\n");
    }

    static String task(RpcPeer server, String method, String more) {
        return "call: mcp\nwith:\n  method: " + method + "\n  transport: { http: { endpoint: " + server.url() + " } }\n"
                + more;
    }

    static Publisher<Void> answered(Asked asked, HttpServerResponse response, String result) {
        return RpcPeer.json(response, RpcPeer.result(asked, result));
    }

    /** One that does what is expected of it until it is asked for something. */
    static Script server(Script script) {
        return (asked, response) -> {
            if (asked.verb().equals("DELETE")) {
                return RpcPeer.status(response, 200);
            }
            return switch (asked.method()) {
                case "initialize" ->
                    RpcPeer.json(response.header("Mcp-Session-Id", "session-1"), RpcPeer.result(asked, HELLO));
                case "notifications/initialized", "notifications/cancelled", "" -> RpcPeer.status(response, 202);
                default -> script.answer(asked, response);
            };
        };
    }
}
