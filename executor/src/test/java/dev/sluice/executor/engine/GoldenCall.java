package dev.sluice.executor.engine;

import dev.sluice.shared.json.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A call that a run made when its golden journal was written.
 *
 * @param key   its {@code Idempotency-Key}
 * @param until sequence number of the entry from which on it is never made again
 */
record GoldenCall(String uri, @Nullable JsonNode body, String key, Answer answer, int until) {

    /**
     * What came back.
     *
     * @param mark    in the value or the error; absent when nothing ever came
     * @param status  of an error, otherwise 0
     * @param unknown whether nobody knows what the call did
     */
    record Answer(int afterMillis, @Nullable String mark, int status, boolean unknown) {

        Mono<JsonNode> on(Scheduler time) {
            if (mark == null) {
                return Mono.never();
            }
            Mono<JsonNode> outcome = status == 0
                    ? Mono.just(Json.object().put("call", mark))
                    : Mono.error(
                            new CallFailure(ErrorType.COMMUNICATION.at("/golden", status, "Broken", mark), unknown));
            return Mono.delay(Duration.ofMillis(afterMillis), time).then(outcome);
        }
    }

    /** Whether an answer never came. */
    boolean hangs() {
        return answer.mark() == null;
    }

    ObjectNode toJson() {
        ObjectNode node = Json.object().put("uri", uri);
        node.set("body", body);
        node.put("key", key).put("afterMillis", answer.afterMillis()).put("mark", answer.mark());
        return node.put("status", answer.status())
                .put("unknown", answer.unknown())
                .put("until", until);
    }

    static GoldenCall of(JsonNode node) {
        JsonNode mark = node.path("mark");
        JsonNode body = node.path("body");
        return new GoldenCall(
                node.path("uri").asString(),
                body.isNull() ? null : body,
                node.path("key").asString(),
                new Answer(
                        node.path("afterMillis").asInt(),
                        mark.isString() ? mark.asString() : null,
                        node.path("status").asInt(),
                        node.path("unknown").asBoolean()),
                node.path("until").asInt());
    }
}
