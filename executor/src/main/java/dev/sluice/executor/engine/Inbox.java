package dev.sluice.executor.engine;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The messages of one subscription, which connects when the first one is waited for. One is waited for at a time. Thread-safe. */
final class Inbox implements Disposable {

    private final Function<@Nullable String, Flux<Message>> source;
    private @Nullable Pull<Message> messages;
    private boolean closed;

    /** Of what this gives after the message with an id, null for the first. */
    Inbox(Function<@Nullable String, Flux<Message>> source) {
        this.source = source;
    }

    /**
     * The next message; an empty optional when the other side has ended the subscription. Ends with the source's error.
     *
     * @param lastId of the message that was consumed last, null where there is none
     */
    Mono<Optional<Message>> next(@Nullable String lastId) {
        return Mono.defer(() -> connected(lastId).next());
    }

    private synchronized Pull<Message> connected(@Nullable String lastId) {
        Pull<Message> connected = messages;
        if (connected == null) {
            connected = Pull.of(closed ? Flux.never() : source.apply(lastId));
            messages = connected;
        }
        return connected;
    }

    /** Closes the connection. */
    @Override
    public synchronized void dispose() {
        closed = true;
        if (messages != null) {
            messages.dispose();
        }
    }
}
