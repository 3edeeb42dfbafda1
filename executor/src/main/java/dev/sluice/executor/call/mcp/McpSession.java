package dev.sluice.executor.call.mcp;

import dev.sluice.executor.call.CallArguments;
import dev.sluice.executor.call.rpc.RpcErrors;
import dev.sluice.executor.definition.McpCall;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundHead;
import dev.sluice.shared.outbound.OutboundRequest;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server and a call have agreed on, and the requests that say so (MCP, "Streamable HTTP"). A server without sessions gives no
 * id. Thread-safe.
 */
final class McpSession {

    private static final String SESSION_ID = "Mcp-Session-Id";
    private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7E]{1,1024}");

    /** So that a call's own time ends it, and not that of one of its requests. */
    private static final Duration LONGER = Duration.ofSeconds(1);

    private final McpRequest request;
    private volatile @Nullable String id;
    private volatile @Nullable String version;

    McpSession(McpRequest request) {
        this.request = request;
    }

    boolean isNamed() {
        return id != null;
    }

    /** What a session begins with. */
    JsonNode introduction() {
        ObjectNode params = Json.object();
        params.put("protocolVersion", request.protocolVersion());
        params.putObject("capabilities");
        params.putObject("clientInfo")
                .put("name", request.client().name())
                .put("version", request.client().version());
        return params;
    }

    /** Takes over what the head of the answer to it says. */
    void named(OutboundHead head, String instance) {
        String given = head.header("mcp-session-id", "");
        if (!given.isEmpty() && !VISIBLE.matcher(given).matches()) {
            throw RpcErrors.said("The server's session has an id that is not valid.", instance);
        }
        id = given.isEmpty() ? null : given;
    }

    /** Takes over what the answer to it says. */
    void agreed(JsonNode answer, String instance) {
        String offered = answer.path("protocolVersion").asString("");
        if (!McpCall.VERSIONS.contains(offered)) {
            String named = offered.matches("[0-9A-Za-z.-]{1,30}") ? '\'' + offered + '\'' : "another one";
            throw RpcErrors.said(
                    "The server speaks version " + named + " of the protocol, none of "
                            + String.join(", ", McpCall.VERSIONS) + '.',
                    instance);
        }
        version = offered;
    }

    /** A message for the server. */
    OutboundRequest post(JsonNode message, Duration timeout) {
        Map<String, String> headers = headers("application/json, text/event-stream");
        headers.put("Content-Type", "application/json");
        return sent("POST", headers, Json.bytes(message), timeout);
    }

    /** The message that has the method of the call. */
    OutboundRequest call(JsonNode message, Duration timeout) {
        return post(message, timeout).withHeader(CallArguments.IDEMPOTENCY_KEY, request.idempotencyKey());
    }

    /** What came of a stream after an event, and what will come. */
    OutboundRequest resume(String lastId, Duration timeout) {
        Map<String, String> headers = headers("text/event-stream");
        headers.put("Last-Event-ID", lastId);
        return sent("GET", headers, null, timeout);
    }

    /** The end. */
    OutboundRequest delete(Duration timeout) {
        return sent("DELETE", headers("application/json"), null, timeout);
    }

    private Map<String, String> headers(String accept) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(request.headers());
        headers.remove(CallArguments.IDEMPOTENCY_KEY);
        headers.put("Accept", accept);
        if (id != null) {
            headers.put(SESSION_ID, id);
        }
        if (version != null) {
            headers.put("MCP-Protocol-Version", version);
        }
        return headers;
    }

    private OutboundRequest sent(String method, Map<String, String> headers, byte @Nullable [] body, Duration timeout) {
        Duration longest = timeout.plus(LONGER);
        Duration patience = request.idle().compareTo(longest) < 0 ? request.idle() : longest;
        return new OutboundRequest(method, request.uri(), headers, body, patience, request.mostBytes());
    }
}
