package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import java.time.Duration;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Calls that are answered with what they are. */
final class Echo {

    private Echo() {}

    static JsonNode of(Rehearsal.Call call) {
        return Json.object().put("uri", call.uri()).set("body", call.body() == null ? Json.object() : call.body());
    }

    /** At once, when it is no second after which it answers. */
    static Mono<JsonNode> answer(Rehearsal rehearsal, Rehearsal.Call call, int seconds) {
        JsonNode answer = of(call);
        return seconds == 0
                ? Mono.just(answer)
                : Mono.delay(Duration.ofSeconds(seconds), rehearsal.time).thenReturn(answer);
    }

    /** None but an error. */
    static Mono<JsonNode> failed(String detail) {
        return Mono.error(new CallFailure(ErrorType.COMMUNICATION.at("/", detail)));
    }
}
