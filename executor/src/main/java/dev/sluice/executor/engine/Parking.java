package dev.sluice.executor.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;

/**
 * Knows how many branches of a run are under way and which of them only wait. A run leaves memory when all of them do; as
 * long as one has something to do, the others wait in memory, so that none wakes late. Thread-safe.
 */
final class Parking {

    private static final Logger LOG = LoggerFactory.getLogger(Parking.class);

    private final Scheduler scheduler;
    private final Clock clock;
    private final Duration parkAfter;
    private final Set<Rest> resting = new HashSet<>();
    private int branches = 1;

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
        Mono<Void> time = Mono.delay(left, scheduler).then();
        return left.compareTo(parkAfter) <= 0
                ? time
                : Mono.using(
                        () -> enter(new Rest(due, Sinks.empty())),
                        rest -> Mono.firstWithSignal(rest.over().asMono(), time),
                        this::leave);
    }

    /** So many branches begin in place of one. */
    Fork fork(int count) {
        synchronized (resting) {
            branches += count - 1;
        }
        return new Fork(count);
    }

    private Rest enter(Rest rest) {
        Rest over;
        synchronized (resting) {
            resting.add(rest);
            over = idle();
        }
        park(over);
        return rest;
    }

    private void leave(Rest rest) {
        synchronized (resting) {
            resting.remove(rest);
        }
    }

    /** The rest that ends first, if there is nothing but rest. */
    private @Nullable Rest idle() {
        return resting.size() < branches
                ? null
                : resting.stream().min(Comparator.comparing(Rest::due)).orElse(null);
    }

    private static void park(@Nullable Rest rest) {
        if (rest != null) {
            // Whoever was first has told the run already.
            Sinks.EmitResult result = rest.over().tryEmitError(new Parked(rest.due()));
            LOG.trace("Parking until {}: {}", rest.due(), result);
        }
    }

    /** The branches of one fork, which become one again. */
    final class Fork {

        private int left;

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
            park(over);
        }

        /** The fork has ended, whatever its branches were at. */
        void close() {
            synchronized (resting) {
                branches -= left - 1;
                left = 1;
            }
        }
    }

    /** A branch that waits; its sink makes it one of a kind. */
    private record Rest(Instant due, Sinks.Empty<Void> over) {}
}
