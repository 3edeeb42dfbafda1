package dev.sluice.gateway.keeping;

import dev.sluice.shared.redis.KeptValues;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.concurrent.Queues;

/**
 * Where answers are kept, for all gateways. It may be away: then nothing is found and nothing kept, and only one request a
 * second waits to see whether it is back. Nobody waits for an answer to be put there; when more are to be than can be, some
 * are not. Thread-safe.
 */
public final class AnswerStore implements Disposable {

    private static final Logger LOG = LoggerFactory.getLogger(AnswerStore.class);
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final long PAUSE_NANOS = 1_000_000_000L;
    /** Each has an answer of up to {@value CopiedResponse#MAX_BYTES} bytes. */
    private static final int WAITING = 64;

    private static final int AT_ONCE = 4;

    private final KeptValues values;
    private final long maxBytes;
    private final LongSupplier nanoTime;
    private final Sinks.Many<Change> changes = Sinks.many()
            .unicast()
            .onBackpressureBuffer(Queues.<Change>get(WAITING).get());
    private final AtomicLong againAt = new AtomicLong();
    private final Disposable changing;
    private volatile boolean away;

    /**
     * Begins.
     *
     * @param maxBytes that one route keeps, about
     * @param nanoTime monotonic
     */
    public AnswerStore(KeptValues values, long maxBytes, LongSupplier nanoTime) {
        this.values = values;
        this.maxBytes = maxBytes;
        this.nanoTime = nanoTime;
        this.changing = changes.asFlux().flatMap(this::attempt, AT_ONCE).subscribe();
    }

    @Override
    public void dispose() {
        changing.dispose();
    }

    /** Something to be done there. */
    private interface Change {
        Mono<?> make();
    }

    /** What is kept, fresh or not; empty also while that cannot be said. */
    Mono<Optional<KeptAnswer>> find(String route, String thing, String variant) {
        return Mono.defer(() -> mayAsk()
                        ? values.find(route, thing, variant)
                                .timeout(PATIENCE)
                                .map(found -> found.map(KeptAnswer::of))
                                .doOnNext(found -> away = false)
                                .doOnError(this::wentAway)
                        : Mono.just(Optional.<KeptAnswer>empty()))
                .onErrorReturn(Optional.empty());
    }

    /** Keeps an answer soon, if there is room. */
    void put(String route, String thing, String variant, KeptAnswer answer, Duration keep) {
        later(() -> values.put(route, thing, variant, answer.text(), keep, maxBytes));
    }

    /** Forgets soon what was kept of something. */
    void forget(String route, String thing) {
        later(() -> values.forget(route, thing));
    }

    /** Two at the same moment, or one more than may wait: it is not done, and the answer ages by itself. */
    private void later(Change change) {
        Sinks.EmitResult ignored = changes.tryEmitNext(change);
    }

    private Mono<?> attempt(Change change) {
        return Mono.defer(change::make).timeout(PATIENCE).onErrorResume(error -> {
            wentAway(error);
            return Mono.empty();
        });
    }

    private boolean mayAsk() {
        if (!away) {
            return true;
        }
        long due = againAt.get();
        long now = nanoTime.getAsLong();
        return now - due >= 0 && againAt.compareAndSet(due, now + PAUSE_NANOS);
    }

    private void wentAway(Throwable error) {
        LOG.debug("kept answers cannot be reached: {}", error.toString());
        againAt.set(nanoTime.getAsLong() + PAUSE_NANOS);
        away = true;
    }
}
