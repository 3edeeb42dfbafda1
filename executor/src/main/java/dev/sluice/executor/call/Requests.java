package dev.sluice.executor.call;

import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.Template;
import dev.sluice.executor.openapi.Multipart;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.MediaTypes;
import dev.sluice.shared.outbound.OutboundRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BinaryNode;
import tools.jackson.databind.node.POJONode;

/** Evaluates a call's arguments to a request. */
final class Requests {

    private static final String CONTENT_TYPE = "Content-Type";

    private Requests() {}

    /** The request; headers the author set win over those of Sluice. */
    static OutboundRequest of(
            HttpCall call, Invocation invocation, @Nullable Authorization authorization, int maxResponseBytes) {
        Arguments scope = invocation.scope();
        JsonNode input =
                call.arguments() == null ? invocation.input() : call.arguments().evaluate(invocation.input(), scope);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "application/json, */*;q=0.5");
        headers.putAll(CallArguments.headers(invocation, authorization));
        CallArguments.fields(call.headers(), input, scope, "headers").forEach(headers::put);
        byte[] body = body(call.body(), input, scope, headers, invocation.idempotencyKey());
        return new OutboundRequest(
                call.method(), uri(call, input, scope), headers, body, invocation.limit(), maxResponseBytes);
    }

    private static URI uri(HttpCall call, JsonNode input, Arguments scope) {
        String uri = CallArguments.text(call.uri(), input, scope);
        return CallArguments.parse(withQuery(uri, query(CallArguments.object(call.query(), input, scope, "query"))));
    }

    /** A list repeats its parameter. */
    private static String query(JsonNode parameters) {
        List<String> fields = new ArrayList<>();
        parameters.properties().forEach(parameter -> {
            String name = parameter.getKey();
            JsonNode value = parameter.getValue();
            if (value.isArray()) {
                value.forEach(element ->
                        fields.add(encode(name) + "=" + encode(CallArguments.scalar(element, "query", name))));
            } else if (!value.isNull()) {
                fields.add(encode(name) + "=" + encode(CallArguments.scalar(value, "query", name)));
            }
        });
        return String.join("&", fields);
    }

    private static String withQuery(String uri, String query) {
        if (query.isEmpty()) {
            return uri;
        }
        int fragment = uri.indexOf('#');
        String plain = fragment < 0 ? uri : uri.substring(0, fragment);
        return plain + (plain.indexOf('?') < 0 ? "?" : "&") + query;
    }

    private static byte @Nullable [] body(
            @Nullable Template template, JsonNode input, Arguments scope, Map<String, String> headers, String key) {
        if (template == null) {
            return null;
        }
        JsonNode body = template.evaluate(input, scope);
        if (body.isMissingNode()) {
            headers.remove(CONTENT_TYPE);
            return null;
        }
        if (body instanceof POJONode node && node.getPojo() instanceof Multipart parts) {
            String boundary = parts.boundary(key);
            headers.put(CONTENT_TYPE, parts.contentType(boundary));
            return parts.bytes(boundary);
        }
        if (body instanceof BinaryNode bytes) {
            return bytes.binaryValue();
        }
        String contentType = headers.computeIfAbsent(CONTENT_TYPE, name -> "application/json");
        if (body.isString() && !MediaTypes.json(contentType)) {
            return body.asString().getBytes(StandardCharsets.UTF_8);
        }
        return Json.bytes(body);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
