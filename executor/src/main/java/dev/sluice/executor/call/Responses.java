package dev.sluice.executor.call;

import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.engine.CallFailure;
import dev.sluice.executor.engine.ErrorType;
import dev.sluice.shared.json.Json;
import dev.sluice.shared.outbound.MediaTypes;
import dev.sluice.shared.outbound.OutboundRequest;
import dev.sluice.shared.outbound.OutboundResponse;
import dev.sluice.shared.problem.SluiceException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns a response into a task's output, or into the error it means (DSL reference, "HTTP Call"). */
final class Responses {

    private static final String REDACTED = "***";

    private Responses() {}

    static JsonNode output(HttpCall call, OutboundRequest request, OutboundResponse response, String instance) {
        int status = response.status();
        boolean accepted = status >= 200 && status < (call.redirect() ? 400 : 300);
        if (!accepted) {
            throw refused(status, instance);
        }
        return switch (call.output()) {
            case RAW -> Json.string(Base64.getEncoder().encodeToString(response.body()));
            case CONTENT -> content(response, instance);
            case RESPONSE -> described(request, response, instance);
        };
    }

    /** One page of several, which is JSON whatever it says it is. */
    static JsonNode page(OutboundResponse response, String instance) {
        if (response.status() < 200 || response.status() > 299) {
            throw refused(response.status(), instance);
        }
        return json(response.body(), instance);
    }

    /** An answer that is none. */
    static CallFailure refused(int status, String instance) {
        String detail = "The upstream answered with status " + status + ".";
        return new CallFailure(ErrorType.COMMUNICATION.at(instance, status, "Communication Error", detail));
    }

    /** An answer that one cannot go on with. */
    static CallFailure unusable(String instance, String detail) {
        return new CallFailure(ErrorType.COMMUNICATION.at(instance, 502, "Communication Error", detail));
    }

    private static JsonNode described(OutboundRequest request, OutboundResponse response, String instance) {
        ObjectNode node = Json.object();
        ObjectNode asked = node.putObject("request");
        asked.put("method", request.method());
        asked.put("uri", request.uri().toString());
        ObjectNode sent = asked.putObject("headers");
        // Credentials do not belong in a run's output.
        request.headers()
                .forEach((name, value) -> sent.put(name, name.equalsIgnoreCase("Authorization") ? REDACTED : value));
        node.put("statusCode", response.status());
        ObjectNode headers = node.putObject("headers");
        for (Map.Entry<String, List<String>> header : response.headers().entrySet()) {
            headers.put(header.getKey(), String.join(", ", header.getValue()));
        }
        node.set("content", content(response, instance));
        return node;
    }

    private static JsonNode content(OutboundResponse response, String instance) {
        if (response.body().length == 0) {
            return JsonNodeFactory.instance.nullNode();
        }
        String contentType = response.headers()
                .getOrDefault("content-type", List.of("application/octet-stream"))
                .getFirst();
        if (MediaTypes.json(contentType)) {
            return json(response.body(), instance);
        }
        return Json.string(
                MediaTypes.text(contentType)
                        ? new String(response.body(), StandardCharsets.UTF_8)
                        : Base64.getEncoder().encodeToString(response.body()));
    }

    private static JsonNode json(byte[] body, String instance) {
        try {
            return Json.read(body);
        } catch (SluiceException e) {
            throw unusable(instance, "The upstream's response should be JSON and is not.");
        }
    }
}
