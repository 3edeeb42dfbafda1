package dev.sluice.executor.node;

import dev.sluice.executor.journal.JournalFormat;
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
    private final JournalFormat known;
    private volatile JournalFormat format;

    /** A life of a process that understands journals up to a format. */
    Incarnation(UUID id, JournalFormat known) {
        this.id = id;
        this.known = known;
        this.format = known;
    }

    /** The node's id in the database. */
    public UUID id() {
        return id;
    }

    /** Whether an effect may be started: the lease, measured on this process's monotonic clock, has not run out. */
    public boolean mayAct() {
        return System.nanoTime() - deadlineNanos.get() < 0;
    }

    /** The newest format this node understands. */
    public JournalFormat known() {
        return known;
    }

    /**
     * What this node may write into journals: no more than all nodes understood that were alive when the lease was renewed
     * last. A node that has joined since takes no run whose format it does not understand.
     */
    public JournalFormat format() {
        return format;
    }

    /** Holds it to what all nodes that are alive understand. */
    void writes(int common) {
        format = JournalFormat.of(Math.min(common, known.number()));
    }

    /** Prolongs the lease; {@code requestedAt} is when the renewal was asked for, never later than the database's own. */
    void renewed(long requestedAtNanos, Duration lease) {
        deadlineNanos.set(requestedAtNanos + lease.toNanos());
    }
}
