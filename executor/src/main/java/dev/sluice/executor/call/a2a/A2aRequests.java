package dev.sluice.executor.call.a2a;

import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.call.CallArguments;
import dev.sluice.executor.call.rpc.RpcMessage;
import dev.sluice.executor.definition.A2aCall;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Evaluates a call's arguments to a request. */
final class A2aRequests {

    /** Of the one request that a call sends. */
    static final String ID = "1";

    /** So that the call's own time ends it, and not that of its request. */
    private static final Duration LONGER = Duration.ofSeconds(1);

    private A2aRequests() {}

    static OutboundRequest of(
            A2aCall call, Invocation invocation, @Nullable Authorization authorization, int mostBytes) {
        Map<String, String> headers = CallArguments.headers(invocation, authorization);
        headers.put("Content-Type", "application/json");
        headers.put("Accept", call.isStreamed() ? "text/event-stream, application/json;q=0.5" : "application/json");
        byte[] body = Json.bytes(RpcMessage.request(ID, call.method(), parameters(call, invocation)));
        return new OutboundRequest(
                "POST",
                CallArguments.uri(call.endpoint(), invocation.input(), invocation.scope()),
                headers,
                body,
                invocation.limit().plus(LONGER),
                mostBytes);
    }

    private static @Nullable JsonNode parameters(A2aCall call, Invocation invocation) {
        if (call.parameters() == null) {
            return null;
        }
        JsonNode given = CallArguments.object(call.parameters(), invocation.input(), invocation.scope(), "parameters");
        boolean message =
                call.method().startsWith("message/") && given.path("message").isObject();
        if (!message) {
            return given;
        }
        ObjectNode all = Json.object();
        given.properties().forEach(member -> all.set(member.getKey(), member.getValue()));
        all.set("message", message(given.path("message"), invocation));
        return all;
    }

    /** What authors leave out: the reference names role and id, A2A 0.3 requires the kind too. */
    private static ObjectNode message(JsonNode given, Invocation invocation) {
        ObjectNode message = Json.object();
        message.put("kind", "message");
        message.put("role", "user");
        message.put("messageId", messageId(invocation.idempotencyKey()));
        given.properties().forEach(member -> message.set(member.getKey(), member.getValue()));
        return message;
    }

    /** The same for each repetition whose former outcome is unknown: agents know a message that came before by its id. */
    private static String messageId(String idempotencyKey) {
        return UUID.nameUUIDFromBytes(idempotencyKey.getBytes(StandardCharsets.UTF_8))
                .toString();
    }
}
