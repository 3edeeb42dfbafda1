package dev.sluice.executor.engine;

import dev.sluice.executor.definition.HttpCall;
import dev.sluice.executor.expression.Arguments;
import java.time.Duration;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes the calls of {@code call: http} tasks. */
@FunctionalInterface
public interface HttpCaller {

    /**
     * Makes one call. Ends with {@link CallFailure} for everything the workflow should see as an error. Cancelling closes
     * the connection.
     *
     * @param input          the task's transformed input
     * @param instance       JSON pointer of the task
     * @param idempotencyKey the same for each repetition whose former outcome is unknown
     * @param limit          longest time it may take
     */
    Mono<JsonNode> call(
            HttpCall call, JsonNode input, Arguments scope, String instance, String idempotencyKey, Duration limit);
}
