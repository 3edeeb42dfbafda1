package dev.sluice.executor.engine;

import dev.sluice.executor.definition.HttpCall;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes the calls of {@code call: http} tasks. */
@FunctionalInterface
public interface HttpCaller {

    /**
     * Makes one call. Ends with {@link CallFailure} for everything the workflow should see as an error. Cancelling closes
     * the connection.
     */
    Mono<JsonNode> call(HttpCall call, Invocation invocation);
}
