package dev.sluice.executor.engine;

import dev.sluice.executor.definition.Call;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Makes the calls of tasks, each in its protocol. */
@FunctionalInterface
public interface Caller {

    /** Evaluates what a call is made with, and makes none. Ends with {@link CallFailure} for what the workflow should see as an error. */
    Mono<Prepared> prepare(Call call, Invocation invocation);

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
