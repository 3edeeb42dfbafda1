package dev.sluice.executor.call;

import dev.sluice.executor.authentication.Authorization;
import dev.sluice.executor.engine.Invocation;
import dev.sluice.executor.expression.Arguments;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.Template;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.telemetry.TraceParent;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Evaluates what calls over HTTP are made with. */
public final class CallArguments {

    /** The header by which an upstream may know a repetition. */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    private CallArguments() {}

    /** What every request says, by names without regard to case; the author's headers win over these. */
    public static Map<String, String> headers(Invocation invocation, @Nullable Authorization authorization) {
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.put(IDEMPOTENCY_KEY, invocation.idempotencyKey());
        TraceParent.parse(invocation.traceparent())
                .ifPresent(
                        trace -> headers.put(TraceParent.HEADER, trace.child().toString()));
        if (authorization != null) {
            headers.put("Authorization", authorization.header());
        }
        return headers;
    }

    /** The URI that a template gives. Throws {@link IllegalArgumentException} for what is none. */
    public static URI uri(Template template, JsonNode input, Arguments scope) {
        return parse(text(template, input, scope));
    }

    /** The scalars of an object as text, those that are null left out; none for no template. */
    public static Map<String, String> fields(
            @Nullable Template template, JsonNode input, Arguments scope, String what) {
        Map<String, String> fields = new TreeMap<>();
        object(template, input, scope, what).properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                fields.put(field.getKey(), scalar(field.getValue(), what, field.getKey()));
            }
        });
        return fields;
    }

    /** The object that a template gives, an empty one for no template. */
    public static JsonNode object(@Nullable Template template, JsonNode input, Arguments scope, String what) {
        JsonNode value = template == null ? Json.object() : template.evaluate(input, scope);
        if (!value.isObject()) {
            throw new ExpressionException("The " + what + " are not an object");
        }
        return value;
    }

    static String text(Template template, JsonNode input, Arguments scope) {
        JsonNode value = template.evaluate(input, scope);
        if (!value.isString()) {
            throw new ExpressionException("The endpoint is not a string");
        }
        return value.asString().strip();
    }

    static String scalar(JsonNode value, String what, String name) {
        if (value.isContainer()) {
            throw new ExpressionException("'" + name + "' of the " + what + " is not a string, number or boolean");
        }
        return value.asString();
    }

    static URI parse(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("The endpoint is not a URI: " + e.getReason(), e);
        }
    }
}
