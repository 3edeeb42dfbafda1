package dev.sluice.executor.engine;

import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.tenancy.OrganizationId;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Lets so many do something at a time. The others wait for as long as it takes, one organization after the other; nobody has more than
 * half of the places. Thread-safe.
 */
public final class FairTurns {

    private final FairQueue<OrganizationId, Sinks.Empty<Void>> queue;
    private int free;

    /**
     * All turns are free.
     *
     * @param atOnce  how many there are
     * @param waiting how many may wait for one
     */
    public FairTurns(int atOnce, int waiting) {
        this.free = atOnce;
        this.queue = new FairQueue<>(waiting);
    }

    /**
     * Has work done in its turn; it begins on any thread. Ends with {@link SluiceException} of {@link ProblemType#UNAVAILABLE} when there
     * is no place to wait. Who cancels gives the turn on.
     */
    public <T> Mono<T> inTurn(OrganizationId whose, Mono<T> work) {
        return Mono.defer(() -> {
            Sinks.Empty<Void> turn = Sinks.empty();
            return switch (enter(whose, turn)) {
                case BEGINS -> work.doFinally(end -> leave());
                case WAITS -> turn.asMono().then(work).doFinally(end -> leave(whose, turn));
                case REFUSED -> Mono.error(full());
            };
        });
    }

    private enum Entrance {
        BEGINS,
        WAITS,
        REFUSED
    }

    private Entrance enter(OrganizationId whose, Sinks.Empty<Void> turn) {
        synchronized (queue) {
            if (free > 0) {
                free--;
                return Entrance.BEGINS;
            }
            return queue.offer(whose, turn) ? Entrance.WAITS : Entrance.REFUSED;
        }
    }

    /** One that leaves before its turn has none to give on. */
    private void leave(OrganizationId whose, Sinks.Empty<Void> turn) {
        boolean waited;
        synchronized (queue) {
            waited = queue.remove(whose, turn);
        }
        if (!waited) {
            leave();
        }
    }

    private void leave() {
        Sinks.Empty<Void> next = next();
        if (next != null) {
            // One that leaves just now gives the turn on by itself.
            Sinks.EmitResult _ = next.tryEmitEmpty();
        }
    }

    private Sinks.@Nullable Empty<Void> next() {
        synchronized (queue) {
            Sinks.Empty<Void> next = queue.poll();
            free += next == null ? 1 : 0;
            return next;
        }
    }

    private static SluiceException full() {
        return new SluiceException(ProblemType.UNAVAILABLE, "Too many runs wait for documents elsewhere on this node.");
    }
}
