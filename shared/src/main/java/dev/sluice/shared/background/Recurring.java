package dev.sluice.shared.background;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Work that has its turn again and again, whatever becomes of a single turn: one that fails, or takes longer than its limit,
 * is told of and the next one comes. One turn at a time; occasions that come during a turn are one occasion after it.
 * Immutable.
 */
public final class Recurring {

    private static final Logger LOG = LoggerFactory.getLogger(Recurring.class);

    private final Flux<?> occasions;
    private final @Nullable Duration limit;
    private final Mono<?> pause;

    private Recurring(Flux<?> occasions, @Nullable Duration limit, Mono<?> pause) {
        this.occasions = occasions;
        this.limit = limit;
        this.pause = pause;
    }

    /** A turn after each period, on the scheduler's threads. */
    public static Recurring every(Duration period, Scheduler scheduler) {
        return of(Flux.interval(period, scheduler));
    }

    /** The first turn after a while, and then one after each period. */
    public static Recurring every(Duration first, Duration period, Scheduler scheduler) {
        return of(Flux.interval(first, period, scheduler));
    }

    private static Recurring of(Flux<Long> ticks) {
        return new Recurring(ticks.onBackpressureDrop(), null, Mono.empty());
    }

    /** A turn on these occasions too; that they end or fail changes nothing about the others. */
    public Recurring orOn(Publisher<?> hints) {
        Flux<Object> both = Flux.merge(occasions, Flux.from(hints).onErrorComplete());
        return new Recurring(both, limit, pause);
    }

    /** A turn is cancelled, and counts as failed, when it takes longer. */
    public Recurring within(Duration most) {
        return new Recurring(occasions, most, pause);
    }

    /**
     * From the beginning of a turn to that of the next it takes so long at least: the first of many hints has its turn at
     * once, those after it share one.
     */
    public Recurring apart(Duration least) {
        return new Recurring(occasions, limit, Mono.delay(least));
    }

    /**
     * Begins, and goes on until disposed, which cancels the turn under way.
     *
     * @param turn   is asked for anew each time; what it emits is ignored
     * @param failed is told of each turn that throws, fails or takes too long
     */
    public Disposable start(Supplier<? extends Publisher<?>> turn, Consumer<Throwable> failed) {
        return occasions
                .onBackpressureLatest()
                .concatMap(occasion -> Mono.when(pause, bounded(turn).onErrorResume(error -> told(error, failed))), 0)
                .subscribe();
    }

    /**
     * The same for turns that say whether there is more to do, in which case the next one comes as soon as turns may.
     *
     * @param turn emits true for that
     */
    public Disposable startGreedily(Supplier<Mono<Boolean>> turn, Consumer<Throwable> failed) {
        Sinks.Many<Boolean> again = Sinks.many().multicast().directBestEffort();
        return orOn(again.asFlux()).start(() -> turn.get().filter(more -> more).doOnNext(more -> emit(again)), failed);
    }

    /** Nobody hears it once all has ended. */
    private static void emit(Sinks.Many<Boolean> again) {
        Sinks.EmitResult ignored = again.tryEmitNext(true);
    }

    private Mono<Void> bounded(Supplier<? extends Publisher<?>> turn) {
        Mono<Void> once = Mono.defer(() -> Flux.from(turn.get()).then());
        return limit == null ? once : once.timeout(limit);
    }

    private static Mono<Void> told(Throwable error, Consumer<Throwable> failed) {
        try {
            failed.accept(error);
        } catch (RuntimeException second) {
            LOG.error("A turn failed, and telling of it too: {}", error.toString(), second);
        }
        return Mono.empty();
    }
}
