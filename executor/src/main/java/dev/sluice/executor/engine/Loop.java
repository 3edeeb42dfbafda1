package dev.sluice.executor.engine;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;

/**
 * Repetition without recursion: neither the stack nor memory grows with the number of turns. The loops of a run share one
 * of these: every so many turns or milliseconds, whichever loops they are of, the run lets others have its thread, and can be cancelled
 * there although it does nothing but compute. Thread-safe.
 */
final class Loop {

    /** A turn is a pure task or an iteration, of some microseconds as a rule. */
    static final int TURNS = 128;

    /** How long a run holds its thread when turns take longer. */
    private static final long HOLD_NANOS = 1_000_000;

    private final Parking parking;
    private final Work work;
    private final AtomicInteger turns = new AtomicInteger();
    /** When the run last came to its thread, as far as that was here. */
    private volatile long began = System.nanoTime();

    /** Loops of a run, whose turns come on a thread as long as the run does not halt. */
    Loop(Parking parking, Work work) {
        this.parking = parking;
        this.work = work;
    }

    /** Steps from state to state until one is last, and emits that. Cancelling cancels the step under way. */
    <S> Mono<S> until(Predicate<S> last, S first, Function<S, Mono<S>> step) {
        return Mono.just(first)
                .expand(state -> last.test(state) ? Mono.empty() : turn(state, step))
                .last();
    }

    private <S> Mono<S> turn(S state, Function<S, Mono<S>> step) {
        return turn(() -> step.apply(state));
    }

    /** One turn of a repetition that somebody else makes. */
    <T> Mono<T> turn(Supplier<Mono<T>> next) {
        boolean enough = turns.incrementAndGet() % TURNS == 0 || System.nanoTime() - began > HOLD_NANOS;
        return enough ? work.later(() -> again(next)) : parking.turn(next);
    }

    private <T> Mono<T> again(Supplier<Mono<T>> next) {
        began = System.nanoTime();
        return parking.turn(next);
    }
}
