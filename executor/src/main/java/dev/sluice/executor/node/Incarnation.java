package dev.sluice.executor.node;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One life of this process as an owner of runs. Once its lease is lost it never acts again; a new incarnation takes its
 * place. Thread-safe.
 */
public final class Incarnation {

    private final UUID id;
    private final AtomicLong deadlineNanos = new AtomicLong();

    Incarnation(UUID id) {
        this.id = id;
    }

    /** The node's id in the database. */
    public UUID id() {
        return id;
    }

    /** Whether an effect may be started: the lease, measured on this process's monotonic clock, has not run out. */
    public boolean mayAct() {
        return System.nanoTime() - deadlineNanos.get() < 0;
    }

    /** Prolongs the lease; {@code requestedAt} is when the renewal was asked for, never later than the database's own. */
    void renewed(long requestedAtNanos, Duration lease) {
        deadlineNanos.set(requestedAtNanos + lease.toNanos());
    }
}
