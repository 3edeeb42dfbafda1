package dev.sluice.shared.postgres;

import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Scheduler;

/**
 * The concurrent shell of a {@link CommitQueue}: whoever has news (an item, a cancellation, the end of a flush, the
 * timer, closing) leaves it in a field and drains; one thread at a time drains, the others only tell it to go round once
 * more. So nobody ever waits for a lock.
 */
final class CommitLane<T, R> {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final int maxQueued;
    private final long maxQueuedBytes;
    private final ToLongFunction<T> bytesOf;
    private final BatchSettlement<T, R> settlement;
    private final Scheduler scheduler;
    private final Runnable onFinished;

    private final AtomicInteger drains = new AtomicInteger();
    private final AtomicInteger places = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger cancellations = new AtomicInteger();
    private final AtomicBoolean flightEnded = new AtomicBoolean();
    private final Queue<Pending<T, R>> arrivals = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;
    private volatile boolean abandoning;

    // Touched by the draining thread only.
    private final CommitQueue<T, R> queue;
    private final Disposable.Swap timer = Disposables.swap();
    private Disposable flight = Disposables.disposed();
    private List<Pending<T, R>> flying = List.of();
    private boolean alarmed;
    private long alarmNanos;
    private boolean finished;

    CommitLane(
            GroupCommitSettings settings,
            ToLongFunction<T> bytesOf,
            BatchSettlement<T, R> settlement,
            Scheduler scheduler,
            Runnable onFinished) {
        this.maxQueued = settings.maxQueued();
        this.maxQueuedBytes = settings.maxQueuedBytes();
        this.bytesOf = bytesOf;
        this.settlement = settlement;
        this.scheduler = scheduler;
        this.onFinished = onFinished;
        this.queue = new CommitQueue<>(
                settings.maxBatch(),
                settings.maxBatchBytes(),
                settings.maxDelay().toNanos(),
                settings.gathers());
    }

    /** False when the lane is full or closed: the caller has been given an error. */
    @SuppressWarnings("CheckReturnValue") // onCancel returns the sink itself
    boolean submit(T item, MonoSink<R> caller) {
        if (closing) {
            caller.error(unavailable("Sluice is stopping; try again."));
            return false;
        }
        long size = bytesOf.applyAsLong(item);
        if (!reserve(size)) {
            caller.error(unavailable("Too much is waiting to be stored; try again."));
            return false;
        }
        Pending<T, R> pending = new Pending<>(item, size, caller, scheduler.now(TimeUnit.NANOSECONDS));
        caller.onCancel(() -> cancel(pending));
        arrivals.add(pending);
        drain();
        return true;
    }

    /** A place and room for the bytes; an item larger than all the room may wait alone. */
    private boolean reserve(long size) {
        boolean place = places.incrementAndGet() <= maxQueued;
        long waiting = bytes.addAndGet(size);
        if (place && (waiting <= maxQueuedBytes || waiting == size)) {
            return true;
        }
        places.decrementAndGet();
        bytes.addAndGet(-size);
        return false;
    }

    /** Items that wait. */
    int depth() {
        return places.get();
    }

    /** Refuses new items and writes those that wait. */
    void close() {
        closing = true;
        drain();
    }

    /** Gives up the flush in flight and everything that waits. */
    void abandon() {
        closing = true;
        abandoning = true;
        drain();
    }

    private void cancel(Pending<T, R> pending) {
        // Clearing places costs a walk over the queue, so it waits until half of them may be free.
        if (pending.cancel() && cancellations.incrementAndGet() * 2 >= maxQueued) {
            drain();
        }
    }

    private void drain() {
        if (drains.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            step();
            missed = drains.addAndGet(-missed);
        } while (missed != 0);
    }

    private void step() {
        Room taken = takeNews();
        CommitQueue.Step<T, R> step = queue.next(scheduler.now(TimeUnit.NANOSECONDS));
        places.addAndGet(queue.size() - taken.places());
        bytes.addAndGet(queue.bytes() - taken.bytes());
        switch (step) {
            case CommitQueue.Step.Flush<T, R> flush -> fly(flush.batch());
            case CommitQueue.Step.Wait<T, R> wait -> wakeIn(wait.nanos());
            case CommitQueue.Step.Idle<T, R> idle -> {}
            case CommitQueue.Step.Finished<T, R> end -> finish(end.late());
        }
    }

    /** One alarm at a time: one that is set for no later has the queue asked again. */
    private void wakeIn(long nanos) {
        long now = scheduler.now(TimeUnit.NANOSECONDS);
        if (alarmed && alarmNanos - now > 0 && alarmNanos - now <= nanos) {
            return;
        }
        alarmed = true;
        alarmNanos = now + nanos;
        timer.update(scheduler.schedule(this::drain, nanos, TimeUnit.NANOSECONDS));
    }

    /** What was taken before this round frees any. */
    private record Room(int places, long bytes) {}

    private Room takeNews() {
        if (flightEnded.getAndSet(false)) {
            queue.settled(scheduler.now(TimeUnit.NANOSECONDS));
            flying = List.of();
        }
        // Read before the arrivals: whoever saw the lane open has then left its item already, or drains after this.
        boolean close = closing;
        for (Pending<T, R> pending = arrivals.poll(); pending != null; pending = arrivals.poll()) {
            queue.add(pending);
        }
        Room taken = new Room(queue.size(), queue.bytes());
        if (close) {
            queue.close();
        }
        if (abandoning) {
            queue.abandon();
        }
        if (cancellations.get() * 2 >= maxQueued) {
            cancellations.set(0);
            queue.purge();
        }
        return taken;
    }

    private void fly(List<Pending<T, R>> batch) {
        timer.update(Disposables.disposed());
        alarmed = false;
        flying = batch;
        flight = settlement.settle(batch).subscribe(nothing -> {}, error -> land(batch, error), this::land);
    }

    private void land(List<Pending<T, R>> batch, Throwable error) {
        SluiceException translated = PostgresErrors.translate(error);
        batch.forEach(pending -> pending.fail(translated));
        land();
    }

    private void land() {
        flightEnded.set(true);
        drain();
    }

    private void finish(List<Pending<T, R>> late) {
        flight.dispose();
        timer.dispose();
        flying.forEach(pending -> pending.fail(unavailable(
                "Sluice stopped while this was being stored; send it again with the same idempotency key.")));
        flying = List.of();
        late.forEach(pending -> pending.fail(unavailable("Sluice is stopping; try again.")));
        if (!finished) {
            finished = true;
            onFinished.run();
        }
    }

    private static SluiceException unavailable(String detail) {
        return SluiceException.unavailable(detail, RETRY_AFTER, null);
    }
}
