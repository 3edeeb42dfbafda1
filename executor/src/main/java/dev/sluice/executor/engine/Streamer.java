package dev.sluice.executor.engine;

import dev.sluice.executor.definition.StreamCall;
import java.util.List;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Reads the responses of {@code call: stream} tasks. */
@FunctionalInterface
public interface Streamer {

    /** Evaluates what a stream is asked for with, and asks for nothing. Ends with {@link CallFailure} for what the workflow should see. */
    Mono<Source> prepare(StreamCall call, Invocation invocation);

    /** A stream that can be asked for. */
    @FunctionalInterface
    interface Source {

        /**
         * The elements behind a place, as many together as came together, on any thread. It is read no faster than it is asked for.
         * Ends with {@link CallFailure} for what the workflow should see. Cancelling closes the connection.
         */
        Flux<List<Element>> open(Place from);
    }

    /**
     * An element.
     *
     * @param value what it is
     * @param after where what follows it can be asked for
     */
    record Element(JsonNode value, Place after) {}

    /**
     * A place between two elements.
     *
     * @param mark   what the response, or page, that it is in is asked for with; JSON null for the first one
     * @param record how many of what that is made of lie before it
     * @param within how many elements of the next one lie before it
     */
    record Place(JsonNode mark, long record, int within) {

        /** Before everything. */
        public static final Place START = new Place(NullNode.getInstance(), 0, 0);
    }
}
