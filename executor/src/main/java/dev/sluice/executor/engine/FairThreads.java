package dev.sluice.executor.engine;

import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Threads that work for one organization after the other. What waits for them waits as long as it takes: nobody has more than half of
 * the places. Thread-safe.
 */
public final class FairThreads implements Disposable {

    private final String name;
    private final int threads;
    private final FairQueue<OrganizationId, Work> queue;
    private final Executor workers;
    private int working;
    private boolean disposed;

    /**
     * Starts none yet.
     *
     * @param name    as which their pressure is shown
     * @param threads how many at most
     * @param waiting how much may wait for one, of one organization half of that
     * @param factory makes them. A pool would keep some that do nothing, and has locks that whoever offers may have to wait for
     */
    public static FairThreads of(String name, int threads, int waiting, ThreadFactory factory) {
        return on(work -> factory.newThread(work).start(), name, threads, waiting);
    }

    /** With as many threads of somebody else, who has none of them wait. */
    static FairThreads on(Executor workers, String name, int threads, int waiting) {
        return new FairThreads(workers, name, threads, waiting);
    }

    private FairThreads(Executor workers, String name, int threads, int waiting) {
        this.name = name;
        this.threads = threads;
        this.queue = new FairQueue<>(waiting);
        this.workers = workers;
    }

    /** Something to do; one of the two is called, once, unless it is withdrawn before. */
    public interface Work {

        /** Does it, on one of the threads, and throws nothing. */
        void run();

        /** There is no place for it. */
        void refused();
    }

    /** Has it done when its turn comes. */
    public void offer(OrganizationId whose, Work work) {
        boolean accepted;
        boolean engaged = false;
        synchronized (queue) {
            accepted = !disposed && queue.offer(whose, work);
            if (accepted && working < threads) {
                working++;
                engaged = true;
            }
        }
        if (engaged) {
            engage(whose, work);
        } else if (!accepted) {
            work.refused();
        }
    }

    /** For whatever is next then; it is this work's trouble when there is no thread. */
    private void engage(OrganizationId whose, Work work) {
        try {
            workers.execute(this::work);
        } catch (RejectedExecutionException | OutOfMemoryError none) {
            leave();
            if (removed(whose, work)) {
                work.refused();
            }
        }
    }

    /** Takes it away if its turn has not come. */
    public void withdraw(OrganizationId whose, Work work) {
        boolean ignored = removed(whose, work);
    }

    private boolean removed(OrganizationId whose, Work work) {
        synchronized (queue) {
            return queue.remove(whose, work);
        }
    }

    private void work() {
        boolean over = false;
        try {
            for (Work next = next(); next != null; next = next()) {
                next.run();
            }
            over = true;
        } finally {
            if (!over) {
                replace();
            }
        }
    }

    /** Another one takes over what waits from one that broke. */
    private void replace() {
        boolean wanted;
        synchronized (queue) {
            wanted = !disposed && queue.size() > 0;
            working -= wanted ? 0 : 1;
        }
        if (wanted) {
            try {
                workers.execute(this::work);
            } catch (RejectedExecutionException | OutOfMemoryError none) {
                leave();
            }
        }
    }

    private @Nullable Work next() {
        synchronized (queue) {
            Work next = disposed ? null : queue.poll();
            working -= next == null ? 1 : 0;
            return next;
        }
    }

    private void leave() {
        synchronized (queue) {
            working--;
        }
    }

    /** What is under way, and what waits. */
    public PressureSource pressure() {
        return PressureSource.ofNode(() -> List.of(bound()));
    }

    private Bound bound() {
        synchronized (queue) {
            return new Bound(name, (long) threads, working, (long) queue.size());
        }
    }

    /** Begins nothing more and refuses what waits; what is under way goes on. */
    @Override
    public void dispose() {
        synchronized (queue) {
            disposed = true;
        }
        for (Work waiting = waiting(); waiting != null; waiting = waiting()) {
            waiting.refused();
        }
    }

    private @Nullable Work waiting() {
        synchronized (queue) {
            return queue.poll();
        }
    }
}
