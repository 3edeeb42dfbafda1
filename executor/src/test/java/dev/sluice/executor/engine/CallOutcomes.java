package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** How calls may come out. */
final class CallOutcomes {

    private CallOutcomes() {}

    static Mono<JsonNode> fine() {
        return Mono.just(Json.string("fine"));
    }

    /** It was answered, with an error. */
    static Mono<JsonNode> known() {
        return Mono.error(() -> new CallFailure(ErrorType.COMMUNICATION.at("/do/0", 503, "Communication Error", null)));
    }

    /** It may have been made or not. */
    static Mono<JsonNode> unknown() {
        return Mono.error(
                () -> new CallFailure(ErrorType.COMMUNICATION.at("/do/0", 504, "Communication Error", null), true));
    }

    /** Calls of an address that ends so come out in this order, all others well. */
    static Function<Rehearsal.Call, Mono<JsonNode>> answers(String path, List<Mono<JsonNode>> answers) {
        Deque<Mono<JsonNode>> left = new ArrayDeque<>(answers);
        return call -> call.uri().endsWith(path) ? left.removeFirst() : fine();
    }
}
