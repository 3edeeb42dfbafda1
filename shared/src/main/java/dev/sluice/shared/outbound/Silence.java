package dev.sluice.shared.outbound;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Ends a stream whose source has been silent for too long while it was asked for more: a reader that takes its time is none
 * of the source's doing, so time counts only while something is asked for. One per subscription. Thread-safe.
 */
final class Silence {

    /** How often it is looked, in parts of the bound: it is exceeded by one of them at most. */
    private static final int LOOKS = 8;

    private final Duration bound;
    private long asked;
    private long since = System.nanoTime();

    private Silence(Duration bound) {
        this.bound = bound;
    }

    /** The same stream, which ends with {@link TimeoutException}. */
    static <T> Flux<T> bounded(Flux<T> source, Duration bound) {
        return Flux.defer(() -> new Silence(bound).guard(source));
    }

    private <T> Flux<T> guard(Flux<T> source) {
        // Not an interval, whose cancellation may wait for a lock on an event loop.
        Mono<T> exceeded = Mono.delay(bound.dividedBy(LOOKS))
                .repeat()
                .filter(look -> isExceeded())
                .next()
                .flatMap(look -> Mono.error(new TimeoutException("Nothing came for " + bound)));
        return source.doOnRequest(this::asked).doOnNext(item -> came()).takeUntilOther(exceeded);
    }

    private synchronized void asked(long more) {
        if (asked == 0) {
            since = System.nanoTime();
        }
        asked = asked + more < 0 ? Long.MAX_VALUE : asked + more;
    }

    private synchronized void came() {
        since = System.nanoTime();
        asked -= asked == Long.MAX_VALUE || asked == 0 ? 0 : 1;
    }

    private synchronized boolean isExceeded() {
        return asked > 0 && System.nanoTime() - since > bound.toNanos();
    }
}
