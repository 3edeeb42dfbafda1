package dev.sluice.executor.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Knows how many branches of a run are under way and which of them only rest: in a wait, or because the run shall halt. A
 * run leaves memory when all of them do; as long as one has something to do, the others wait in memory, so that none wakes
 * late. Thread-safe.
 */
final class Parking {

    private static final Logger LOG = LoggerFactory.getLogger(Parking.class);

    /** What is waited for without knowing for how long comes this soon, or the run leaves memory. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Scheduler scheduler;
    private final Clock clock;
    private final Duration parkAfter;
    private final Set<Rest> resting = new HashSet<>();
    private int branches = 1;
    /** Those that rest in a wait long enough to leave memory for. */
    private int leaving;

    private volatile boolean halted;
    private volatile boolean effectless;

    Parking(EngineSettings settings) {
        this.scheduler = settings.scheduler();
        this.clock = settings.clock();
        this.parkAfter = settings.parkAfter();
    }

    /** Completes at an instant, unless the run has nothing else to do for long: then it ends with {@link Parked}. */
    Mono<Void> until(Instant due) {
        Duration left = Duration.between(clock.instant(), due);
        if (!left.isPositive()) {
            return Mono.empty();
        }
        boolean leaves = left.compareTo(parkAfter) > 0;
        return rest(due, leaves, Mono.delay(left, scheduler).then());
    }

    /**
     * Completes at an instant or once something has happened, whichever is first, unless the run has nothing else to do and
     * nothing happens for a while: then it ends with {@link Parked}.
     *
     * @param due      null for no instant
     * @param happened completes on any thread; subscribed to again and again
     */
    Mono<Void> until(@Nullable Instant due, Mono<Void> happened) {
        Duration left = due == null ? null : Duration.between(clock.instant(), due);
        if (left != null && !left.isPositive()) {
            return Mono.empty();
        }
        Mono<Void> over = left == null
                ? happened
                : Mono.firstWithSignal(happened, Mono.delay(left, scheduler).then());
        Duration grace = GRACE.compareTo(parkAfter) < 0 ? GRACE : parkAfter;
        Mono<Boolean> soon = Mono.firstWithSignal(
                over.thenReturn(true), Mono.delay(grace, scheduler).thenReturn(false));
        return rest(due, false, soon)
                .flatMap(happens -> happens ? Mono.<Void>empty() : rest(due, true, over))
                .publishOn(scheduler);
    }

    /** Waits for what comes from elsewhere and cannot be waited for outside of memory; a run that halts leaves all the same. */
    <T> Mono<T> awaiting(Mono<T> item) {
        return rest(null, false, item);
    }

    /** Waits for another branch, which may be one that leaves memory. */
    Mono<Void> behind(Mono<Void> other) {
        return rest(null, true, other);
    }

    /** Begins an effect, unless the run shall halt: then this branch rests, until all do and end with {@link Suspended}. */
    <T> Mono<T> pass(Supplier<Mono<T>> next) {
        return effectless ? rest(null, false, Mono.<T>never()) : turn(next);
    }

    /** The same for what is no effect, but may go on without end. */
    <T> Mono<T> turn(Supplier<Mono<T>> next) {
        return halted ? rest(null, false, Mono.<T>never()) : next.get();
    }

    /** From here on no effect passes, and all that has been is gone through. Call this before the run begins. */
    void withoutEffects() {
        effectless = true;
    }

    /** From here on nothing passes. Call this on the run's thread. */
    void halt() {
        Rest over;
        synchronized (resting) {
            halted = true;
            over = idle();
        }
        end(over);
    }

    /** So many branches begin in place of one. */
    Fork fork(int count) {
        synchronized (resting) {
            branches += count - 1;
        }
        return new Fork(count);
    }

    private <T> Mono<T> rest(@Nullable Instant due, boolean leaves, Mono<T> over) {
        return Mono.using(
                () -> enter(new Rest(due, leaves, Sinks.empty())),
                rest -> Mono.firstWithSignal(rest.over().asMono().then(Mono.empty()), over),
                this::leave);
    }

    private Rest enter(Rest rest) {
        Rest over;
        synchronized (resting) {
            resting.add(rest);
            leaving += rest.leaves() ? 1 : 0;
            over = idle();
        }
        end(over);
        return rest;
    }

    private void leave(Rest rest) {
        synchronized (resting) {
            resting.remove(rest);
            leaving -= rest.leaves() ? 1 : 0;
        }
    }

    /** The rest that ends first, if there is nothing but rest and the run can leave memory. */
    private @Nullable Rest idle() {
        return (halted || effectless ? resting.size() : leaving) < branches
                ? null
                : resting.stream().min(Comparator.comparing(Rest::latest)).orElse(null);
    }

    private void end(@Nullable Rest rest) {
        if (rest != null) {
            // Whoever was first has told the run already.
            Sinks.EmitResult result = rest.over().tryEmitError(halted ? new Suspended() : new Parked(rest.due()));
            LOG.trace("Leaving memory: {}", result);
        }
    }

    /** The branches of one fork, which become one again. */
    final class Fork {

        private int left;

        /** One more begins. */
        void another() {
            synchronized (resting) {
                left++;
                branches++;
            }
        }

        private Fork(int count) {
            this.left = count;
        }

        /** A branch has ended and the fork has not; the last one goes on as the fork's own. */
        void ended() {
            Rest over;
            synchronized (resting) {
                if (left == 1) {
                    return;
                }
                left--;
                branches--;
                over = idle();
            }
            end(over);
        }

        /** The fork has ended, whatever its branches were at. */
        void close() {
            synchronized (resting) {
                branches -= left - 1;
                left = 1;
            }
        }
    }

    /**
     * A branch that rests; its sink makes it one of a kind.
     *
     * @param due    null when only something that happens ends it
     * @param leaves whether the run may leave memory for it, though nobody asked it to halt
     */
    private record Rest(@Nullable Instant due, boolean leaves, Sinks.Empty<Void> over) {

        Instant latest() {
            return due == null ? Instant.MAX : due;
        }
    }
}
