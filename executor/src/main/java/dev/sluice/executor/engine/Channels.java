package dev.sluice.executor.engine;

import dev.sluice.executor.definition.ChannelSubscription;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

/** Channels of other systems, from which messages come as long as there is a connection. Thread-safe. */
@FunctionalInterface
public interface Channels {

    /**
     * Connects when somebody subscribes, and takes messages as fast as they are asked for. Ends with {@link CallFailure} for
     * everything that the workflow should see as an error, and without one when the other side ends it. Cancelling closes the
     * connection.
     *
     * @param lastId of the last message that was consumed on an earlier connection, for who can go on after it; null for the first
     */
    Flux<Message> messages(ChannelSubscription channel, Invocation invocation, @Nullable String lastId);
}
