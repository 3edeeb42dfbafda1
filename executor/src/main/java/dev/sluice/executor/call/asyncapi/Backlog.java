package dev.sluice.executor.call.asyncapi;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * Messages that came and that nobody has asked for yet: at most {@value #MOST}, of not more characters together than the largest
 * alone may have. One more is too much: who publishes does not wait, and what is left out would be missing without a word. Filled
 * by one thread at a time.
 */
final class Backlog {

    /** A power of two, as the queue has it. */
    static final int MOST = 1_024;

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final long mostCharacters;
    private final AtomicLong characters = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private final Sinks.Many<String> messages =
            Sinks.many().unicast().onBackpressureBuffer(Queues.<String>get(MOST).get());

    Backlog(long mostCharacters) {
        this.mostCharacters = mostCharacters;
    }

    /** The oldest first. Ends with {@link OverflowException} when there were too many, after those that had room. */
    Flux<String> messages() {
        return messages.asFlux().doOnNext(message -> characters.addAndGet(-message.length()));
    }

    void add(String message) {
        boolean fits = characters.addAndGet(message.length()) <= mostCharacters;
        Sinks.EmitResult result = fits ? messages.tryEmitNext(message) : Sinks.EmitResult.FAIL_OVERFLOW;
        if (result == Sinks.EmitResult.FAIL_OVERFLOW) {
            fail(new OverflowException());
        }
    }

    /** Nothing comes any more; changes nothing after another end. */
    void fail(RuntimeException error) {
        if (over.compareAndSet(false, true)) {
            messages.emitError(error, Sinks.EmitFailureHandler.busyLooping(PATIENCE));
        }
    }

    /** More came than there was room for. */
    static final class OverflowException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        OverflowException() {
            super("overflow", null, false, false);
        }
    }
}
