package dev.sluice.executor.call.rpc;

import dev.sluice.executor.stream.MalformedStreamException;
import dev.sluice.shared.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A message of JSON-RPC 2.0. */
public sealed interface RpcMessage {

    /** What a request gave. */
    record Result(String id, JsonNode result) implements RpcMessage {}

    /**
     * Why a request gave nothing.
     *
     * @param id empty when whoever answers does not know which request it is about
     */
    record Failure(String id, long code, String message) implements RpcMessage {}

    /** What the other side asks. */
    record Request(JsonNode id, String method) implements RpcMessage {}

    /** What the other side tells. */
    record Notification(String method) implements RpcMessage {}

    /** Whether it is the answer to a request. */
    default boolean answers(String id) {
        return switch (this) {
            case Result result -> result.id().equals(id);
            case Failure failure -> failure.id().equals(id) || failure.id().isEmpty();
            case Request request -> false;
            case Notification notification -> false;
        };
    }

    /** A request, or a notification where there is no id. */
    static ObjectNode request(@Nullable String id, String method, @Nullable JsonNode params) {
        ObjectNode message = Json.object();
        message.put("jsonrpc", "2.0");
        if (id != null) {
            message.put("id", id);
        }
        message.put("method", method);
        if (params != null) {
            message.set("params", params);
        }
        return message;
    }

    /**
     * Reads a message, or several where they come together.
     *
     * @throws MalformedStreamException when it is none
     */
    static List<RpcMessage> read(JsonNode node) {
        if (!node.isArray()) {
            return List.of(one(node));
        }
        List<RpcMessage> messages = new ArrayList<>(node.size());
        node.forEach(element -> messages.add(one(element)));
        return messages;
    }

    private static RpcMessage one(JsonNode node) {
        JsonNode id = node.path("id");
        boolean identified = id.isString() || id.isNumber();
        if (!"2.0".equals(node.path("jsonrpc").asString(""))) {
            throw new MalformedStreamException("The answer is not JSON-RPC 2.0.");
        }
        JsonNode method = node.path("method");
        if (method.isString()) {
            return identified ? new Request(id, method.stringValue()) : new Notification(method.stringValue());
        }
        JsonNode error = node.path("error");
        if (error.isObject()) {
            return new Failure(
                    identified ? id.asString() : "",
                    error.path("code").asLong(0),
                    error.path("message").asString(""));
        }
        if (identified && node.has("result")) {
            return new Result(id.asString(), node.path("result"));
        }
        throw new MalformedStreamException("The answer is not JSON-RPC 2.0.");
    }
}
