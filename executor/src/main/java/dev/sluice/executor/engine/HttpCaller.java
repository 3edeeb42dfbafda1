package dev.sluice.executor.engine;

import dev.sluice.executor.definition.HttpCall;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes the calls of {@code call: http} tasks. */
@FunctionalInterface
public interface HttpCaller {

    /** Evaluates what a call is made with, and makes none. Ends with {@link CallFailure} for what the workflow should see as an error. */
    Mono<Prepared> prepare(HttpCall call, Invocation invocation);

    /** A call that can be made. */
    @FunctionalInterface
    interface Prepared {

        /**
         * Makes the call when somebody subscribes, once. Ends with {@link CallFailure} for everything the workflow should see as an
         * error. Cancelling closes the connection.
         */
        Mono<JsonNode> make();
    }
}
