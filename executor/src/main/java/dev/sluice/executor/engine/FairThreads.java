package dev.sluice.executor.engine;

import dev.sluice.shared.pressure.Bound;
import dev.sluice.shared.pressure.PressureSource;
import dev.sluice.shared.tenancy.OrganizationId;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Threads that work for one organization after the other. What waits for them waits as long as it takes: nobody has more than half of
 * the places. No threads are there while there is nothing to do. Thread-safe.
 */
public final class FairThreads implements Disposable {

    private static final long IDLE_SECONDS = 60;

    private final String name;
    private final int threads;
    private final FairQueue<OrganizationId, Work> queue;
    private final ExecutorService workers;
    private int working;

    /**
     * Starts none yet.
     *
     * @param name    as which their pressure is shown
     * @param threads how many at most
     * @param waiting how much may wait for one, of one organization half of that
     * @param factory makes them
     */
    public FairThreads(String name, int threads, int waiting, ThreadFactory factory) {
        this(name, threads, waiting, workers(threads, factory));
    }

    /** With threads of whoever has them. */
    FairThreads(String name, int threads, int waiting, ExecutorService workers) {
        this.name = name;
        this.threads = threads;
        this.queue = new FairQueue<>(waiting);
        this.workers = workers;
    }

    /** No more are started than there is work for, so that none of it waits in the pool's own queue. */
    private static ExecutorService workers(int threads, ThreadFactory factory) {
        ThreadPoolExecutor workers = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        workers.allowCoreThreadTimeOut(true);
        return workers;
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
            accepted = !workers.isShutdown() && queue.offer(whose, work);
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
                leave();
            }
        }
    }

    private @Nullable Work next() {
        synchronized (queue) {
            Work next = workers.isShutdown() ? null : queue.poll();
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
        workers.shutdown();
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
