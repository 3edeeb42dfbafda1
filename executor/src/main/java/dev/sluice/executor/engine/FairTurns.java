package dev.sluice.executor.engine;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Lets so many do something at a time, of one organization half of that: who comes later does not wait for work of one alone, which may
 * take long. The others wait for as long as it takes, one organization after the other; nobody has more than half of the places. As long
 * as a turn is free those that wait are of organizations that have their half. Thread-safe.
 */
public final class FairTurns {

    private final FairQueue<OrganizationId, Waiting> queue;
    private final Map<OrganizationId, Integer> underWay = new HashMap<>();
    private final int half;
    private int free;

    /**
     * All turns are free.
     *
     * @param atOnce  how many there are
     * @param waiting how many may wait for one
     */
    public FairTurns(int atOnce, int waiting) {
        this.free = atOnce;
        this.half = Math.ceilDiv(atOnce, 2);
        this.queue = new FairQueue<>(waiting);
    }

    /**
     * Has work done in its turn; it begins on any thread. Ends with {@link SluiceException} of {@link ProblemType#UNAVAILABLE} when there
     * is no place to wait. Who cancels gives the turn on.
     */
    public <T> Mono<T> inTurn(OrganizationId whose, Mono<T> work) {
        return Mono.defer(() -> {
            Waiting turn = new Waiting(whose, Sinks.empty());
            return switch (enter(whose, turn)) {
                case BEGINS -> work.doFinally(end -> leave(whose));
                case WAITS -> turn.turn().asMono().then(work).doFinally(end -> leave(whose, turn));
                case REFUSED -> Mono.error(full());
            };
        });
    }

    private record Waiting(OrganizationId whose, Sinks.Empty<Void> turn) {}

    private enum Entrance {
        BEGINS,
        WAITS,
        REFUSED
    }

    private Entrance enter(OrganizationId whose, Waiting turn) {
        synchronized (queue) {
            if (free > 0 && mayBegin(whose)) {
                begin(whose);
                return Entrance.BEGINS;
            }
            return queue.offer(whose, turn) ? Entrance.WAITS : Entrance.REFUSED;
        }
    }

    /** One that leaves before its turn has none to give on. */
    private void leave(OrganizationId whose, Waiting turn) {
        boolean waited;
        synchronized (queue) {
            waited = queue.remove(whose, turn);
        }
        if (!waited) {
            leave(whose);
        }
    }

    private void leave(OrganizationId whose) {
        Waiting next = next(whose);
        if (next != null) {
            // One that leaves just now gives the turn on by itself.
            Sinks.EmitResult _ = next.turn().tryEmitEmpty();
        }
    }

    /** One at most: of all but who leaves those that wait would have begun before, had they been let. */
    private @Nullable Waiting next(OrganizationId left) {
        synchronized (queue) {
            free++;
            underWay.computeIfPresent(left, (whose, count) -> count == 1 ? null : count - 1);
            Waiting next = queue.poll(this::mayBegin);
            if (next != null) {
                begin(next.whose());
            }
            return next;
        }
    }

    private boolean mayBegin(OrganizationId whose) {
        return underWay.getOrDefault(whose, 0) < half;
    }

    private void begin(OrganizationId whose) {
        free--;
        underWay.merge(whose, 1, Integer::sum);
    }

    private static SluiceException full() {
        return new SluiceException(ProblemType.UNAVAILABLE, "Too many runs wait for documents elsewhere on this node.");
    }
}
