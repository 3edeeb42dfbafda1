package dev.sluice.loadtest.conformance;

import dev.sluice.shared.json.Json;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import tools.jackson.databind.JsonNode;

/** What simulated hosts answer with. */
final class Answers {

    private Answers() {}

    static Publisher<Void> text(HttpServerResponse response, String text) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "text/plain").sendString(Mono.just(text));
    }

    static Publisher<Void> json(HttpServerResponse response, JsonNode body) {
        return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
                .sendByteArray(Mono.just(Json.bytes(body)));
    }
}
