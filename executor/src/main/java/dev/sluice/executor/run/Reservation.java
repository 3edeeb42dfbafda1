package dev.sluice.executor.run;

import dev.sluice.executor.node.Incarnation;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Permits set aside for runs that are about to be created or claimed. Each is used for one run or given back, exactly once;
 * closing gives back what is left and may be repeated. Thread-safe.
 */
public final class Reservation implements AutoCloseable {

    private final RunPool pool;
    private final int size;
    private final AtomicInteger left;

    Reservation(RunPool pool, int size) {
        this.pool = pool;
        this.size = size;
        this.left = new AtomicInteger(size);
    }

    /** How many permits there were. */
    public int size() {
        return size;
    }

    /** How many are not used yet. */
    public int left() {
        return left.get();
    }

    /** Begins a run created with this node as its owner. */
    public void begin(NewRun run, Incarnation owner) {
        begin(run.claimed(owner.id()), owner);
    }

    void begin(ClaimedRun run, Incarnation owner) {
        int before = left.getAndUpdate(count -> Math.max(0, count - 1));
        if (before == 0) {
            throw new IllegalStateException("runs begun: " + (size + 1) + " (expected: <= " + size + ")");
        }
        pool.start(run, owner);
    }

    @Override
    public void close() {
        pool.release(left.getAndSet(0));
    }
}
