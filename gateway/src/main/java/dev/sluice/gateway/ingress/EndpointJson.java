package dev.sluice.gateway.ingress;

import dev.sluice.gateway.ingress.EndpointService.NewEndpoint;
import dev.sluice.shared.json.Json;
import java.net.URI;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints as they are shown, with what a workflow needs in order to start on their events. */
final class EndpointJson {

    private EndpointJson() {}

    static ObjectNode summary(Endpoint endpoint) {
        ObjectNode json = Json.object();
        json.put("id", endpoint.id().toString());
        json.put("name", endpoint.name());
        json.put("source", endpoint.source().id());
        json.put("createdAt", endpoint.createdAt().toString());
        json.set("event", event(endpoint));
        return json;
    }

    /** With address and secret, which are shown only now, and a ready {@code schedule}. */
    static ObjectNode created(NewEndpoint created, URI publicUrl) {
        Endpoint endpoint = created.endpoint();
        ObjectNode json = summary(endpoint);
        json.put("url", base(publicUrl) + WebhookDoor.PATH + created.token());
        json.put("secret", created.secret());
        json.putObject("schedule").putObject("on").putObject("one").set("with", filter(endpoint));
        json.put("snippet", snippet(endpoint));
        return json;
    }

    private static ObjectNode event(Endpoint endpoint) {
        return filter(endpoint).put("note", note(endpoint));
    }

    private static ObjectNode filter(Endpoint endpoint) {
        return Json.object().put("type", type(endpoint)).put("source", Endpoint.eventSource(endpoint.id()));
    }

    private static String snippet(Endpoint endpoint) {
        return """
                schedule:
                  on:
                    one:
                      with:
                        type: %s
                        source: %s
                """.formatted(type(endpoint), Endpoint.eventSource(endpoint.id()));
    }

    private static String type(Endpoint endpoint) {
        return switch (endpoint.source()) {
            case GITHUB -> "com.github.push";
            case GENERIC_HMAC -> DeliveryReader.GENERIC_TYPE;
        };
    }

    private static String note(Endpoint endpoint) {
        return switch (endpoint.source()) {
            case GITHUB -> "The type is com.github. and the event's name: com.github.push, com.github.issues, …";
            case GENERIC_HMAC ->
                "Deliveries with the same Idempotency-Key are one event; without one, every delivery is a new event.";
        };
    }

    private static String base(URI publicUrl) {
        String text = publicUrl.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
