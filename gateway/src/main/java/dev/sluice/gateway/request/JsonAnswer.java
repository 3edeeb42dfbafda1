package dev.sluice.gateway.request;

import dev.sluice.shared.json.Json;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Answers with a JSON tree. */
public final class JsonAnswer {

    private JsonAnswer() {}

    /** The answer; never cached, since it shows one organization's state or a secret. */
    public static Mono<ServerResponse> of(HttpStatus status, JsonNode body) {
        return ServerResponse.status(status)
                .contentType(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .bodyValue(Json.bytes(body));
    }
}
