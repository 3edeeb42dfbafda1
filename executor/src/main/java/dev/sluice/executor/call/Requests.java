package dev.sluice.executor.call;

import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.telemetry.TraceParent;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Evaluates a call's arguments to a request. */
final class Requests {

    private static final String CONTENT_TYPE = "Content-Type";
    static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private Requests() {}

    /** The request; headers the author set win over those of Sluice. */
    static OutboundRequest of(
            HttpCall call, Invocation invocation, @Nullable Authorization authorization, int maxResponseBytes) {
        Arguments scope = invocation.scope();
        JsonNode input =
                call.arguments() == null ? invocation.input() : call.arguments().evaluate(invocation.input(), scope);
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put("Accept", "application/json, */*;q=0.5");
        headers.put(IDEMPOTENCY_KEY, invocation.idempotencyKey());
        TraceParent.parse(invocation.traceparent())
                .ifPresent(
                        trace -> headers.put(TraceParent.HEADER, trace.child().toString()));
        if (authorization != null) {
            headers.put("Authorization", authorization.header());
        }
        fields(call.headers(), input, scope, "headers").forEach(headers::put);
        byte[] body = body(call.body(), input, scope, headers);
        return new OutboundRequest(
                call.method(), uri(call, input, scope), headers, body, invocation.limit(), maxResponseBytes);
    }

    private static URI uri(HttpCall call, JsonNode input, Arguments scope) {
        JsonNode value = call.uri().evaluate(input, scope);
        if (!value.isString()) {
            throw new ExpressionException("The endpoint is not a string");
        }
        return parse(withQuery(value.asString().strip(), query(object(call.query(), input, scope, "query"))));
    }

    /** A list repeats its parameter. */
    private static String query(JsonNode parameters) {
        List<String> fields = new ArrayList<>();
        parameters.properties().forEach(parameter -> {
            String name = parameter.getKey();
            JsonNode value = parameter.getValue();
            if (value.isArray()) {
                value.forEach(element -> fields.add(encode(name) + "=" + encode(scalar(element, "query", name))));
            } else if (!value.isNull()) {
                fields.add(encode(name) + "=" + encode(scalar(value, "query", name)));
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
            @Nullable Template template, JsonNode input, Arguments scope, Map<String, String> headers) {
        if (template == null) {
            return null;
        }
        JsonNode body = template.evaluate(input, scope);
        if (body.isMissingNode()) {
            headers.remove(CONTENT_TYPE);
            return null;
        }
        String contentType = headers.computeIfAbsent(CONTENT_TYPE, name -> "application/json");
        if (body.isString() && !MediaTypes.json(contentType)) {
            return body.asString().getBytes(StandardCharsets.UTF_8);
        }
        return Json.bytes(body);
    }

    private static Map<String, String> fields(
            @Nullable Template template, JsonNode input, Arguments scope, String what) {
        Map<String, String> fields = new TreeMap<>();
        object(template, input, scope, what).properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                fields.put(field.getKey(), scalar(field.getValue(), what, field.getKey()));
            }
        });
        return fields;
    }

    private static JsonNode object(@Nullable Template template, JsonNode input, Arguments scope, String what) {
        JsonNode value = template == null ? Json.object() : template.evaluate(input, scope);
        if (!value.isObject()) {
            throw new ExpressionException("The " + what + " are not an object");
        }
        return value;
    }

    private static String scalar(JsonNode value, String what, String name) {
        if (value.isContainer()) {
            throw new ExpressionException("'" + name + "' of the " + what + " is not a string, number or boolean");
        }
        return value.asString();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The endpoint is not a URI: " + e.getReason(), e);
        }
    }
}
