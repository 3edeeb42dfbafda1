package dev.sluice.executor.run;

import dev.sluice.executor.node.Incarnation;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.HashMap;
import java.util.Map;

/**
 * Permits set aside for runs that are about to be created or claimed. Each is assigned to an organization, within that
 * one's limit, then used for one run or given back, exactly once; closing gives back what is left and may be repeated.
 * Thread-safe.
 */
public final class Reservation implements AutoCloseable {

    private final RunPool pool;
    private final int size;
    private final Map<OrganizationId, Integer> assigned = new HashMap<>();
    private int left;

    Reservation(RunPool pool, int size) {
        this.pool = pool;
        this.size = size;
        this.left = size;
    }

    /** How many permits there were. */
    public int size() {
        return size;
    }

    /** Assigns a permit to an organization; false when none is left, or the organization has all it may have. */
    public boolean assign(OrganizationId organization) {
        return assign(organization, 1) == 1;
    }

    /** Assigns up to so many permits; the number that there were, within the organization's limit. */
    synchronized int assign(OrganizationId organization, int wanted) {
        int given = pool.permits().assign(organization, Math.min(wanted, left));
        left -= given;
        assigned.merge(organization, given, Integer::sum);
        return given;
    }

    /**
     * Begins a run created with this node as its owner.
     *
     * @param listeners who listens for what happens to it
     */
    public void begin(NewRun run, Incarnation owner, Listeners listeners) {
        begin(run.claimed(owner.id(), listeners), owner);
    }

    void begin(ClaimedRun run, Incarnation owner) {
        use(run.organization());
        pool.start(run, owner);
    }

    private synchronized void use(OrganizationId organization) {
        int before = assigned.getOrDefault(organization, 0);
        if (before == 0) {
            throw new IllegalStateException("permits of " + organization + ": 0 (expected: > 0)");
        }
        assigned.put(organization, before - 1);
    }

    @Override
    public synchronized void close() {
        assigned.forEach(pool.permits()::release);
        assigned.clear();
        pool.permits().release(left);
        left = 0;
    }
}
