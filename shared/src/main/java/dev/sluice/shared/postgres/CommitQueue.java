package dev.sluice.shared.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What waits in one lane and what the lane does next. Pure: no threads, no clock, no locks; one caller at a time.
 *
 * <pre>
 *           next: Flush
 *   IDLE ----------------> FLUSHING        closing, nothing queued, not flushing: next: Finished
 *    ^                        |            (from then on whatever is added comes out of Finished again)
 *    +-------- settled -------+
 * </pre>
 */
final class CommitQueue<T, R> {

    /** What the lane has to do now. */
    sealed interface Step<T, R> {
        /** Write these, in this order, then say {@link #settled}. */
        record Flush<T, R>(List<Pending<T, R>> batch) implements Step<T, R> {}

        /** Ask again after this time, if nothing else happens before. */
        record Wait<T, R>(long nanos) implements Step<T, R> {}

        /** Ask again when something has happened. */
        record Idle<T, R>() implements Step<T, R> {}

        /** The lane is closed; what came too late is refused. */
        record Finished<T, R>(List<Pending<T, R>> late) implements Step<T, R> {}
    }

    /** Of those that were answered, so many in a hundred are waited for; some have nothing more to say. */
    private static final int RETURNING_PERCENT = 90;

    private final int maxBatch;
    private final long maxBatchBytes;
    private final long maxDelayNanos;
    private final boolean gathers;
    private final ArrayDeque<Pending<T, R>> waiting = new ArrayDeque<>();
    private long bytes;
    private int answered;
    private long flushedNanos;
    private int gathering;
    private long gatheringUntilNanos;
    private boolean flushing;
    private boolean closing;
    private boolean finished;

    CommitQueue(int maxBatch, long maxBatchBytes, long maxDelayNanos, boolean gathers) {
        this.maxBatch = maxBatch;
        this.maxBatchBytes = maxBatchBytes;
        this.maxDelayNanos = maxDelayNanos;
        this.gathers = gathers;
    }

    void add(Pending<T, R> pending) {
        waiting.add(pending);
        bytes += pending.bytes();
    }

    /** How many places are taken, cancelled ones included until they are purged. */
    int size() {
        return waiting.size();
    }

    /** How many bytes those have. */
    long bytes() {
        return bytes;
    }

    /** Frees the places of those that were cancelled. */
    void purge() {
        waiting.removeIf(Pending::isCancelled);
        bytes = waiting.stream().mapToLong(Pending::bytes).sum();
    }

    /** The flush in flight has ended, at a time. */
    void settled(long nowNanos) {
        if (!flushing) {
            throw new IllegalStateException("Nothing was being written");
        }
        flushing = false;
        if (gathers) {
            gathering = answered > 1 ? waiting.size() + answered * RETURNING_PERCENT / 100 : 0;
            gatheringUntilNanos = nowNanos + (nowNanos - flushedNanos) / 2;
        }
    }

    /** Waits no longer for fuller batches, and finishes once everything is written. */
    void close() {
        closing = true;
    }

    /** Gives everything up: finished now, and what waits is refused. */
    void abandon() {
        closing = true;
        finished = true;
    }

    /** The next step at a time; times only ever grow. */
    Step<T, R> next(long nowNanos) {
        if (finished) {
            return finish();
        }
        if (flushing) {
            return new Step.Idle<>();
        }
        dropCancelledHead();
        Pending<T, R> first = waiting.peek();
        if (first == null) {
            return closing ? finish() : new Step.Idle<>();
        }
        long remaining = Math.max(first.queuedNanos() + maxDelayNanos - nowNanos, gatheringLeft(nowNanos));
        if (remaining > 0 && waiting.size() < maxBatch && bytes < maxBatchBytes && !closing) {
            return new Step.Wait<>(remaining);
        }
        return flush(nowNanos);
    }

    private long gatheringLeft(long nowNanos) {
        return waiting.size() < gathering ? gatheringUntilNanos - nowNanos : 0;
    }

    private Step<T, R> flush(long nowNanos) {
        List<Pending<T, R>> batch = new ArrayList<>(Math.min(maxBatch, waiting.size()));
        long room = maxBatchBytes;
        while (batch.size() < maxBatch && fits(waiting.peek(), room, batch)) {
            Pending<T, R> pending = waiting.remove();
            bytes -= pending.bytes();
            if (pending.take()) {
                batch.add(pending);
                room -= pending.bytes();
            }
        }
        if (batch.isEmpty()) {
            // All of them were cancelled since; the queue is shorter now, so this ends.
            return next(nowNanos);
        }
        flushing = true;
        flushedNanos = nowNanos;
        answered = batch.size();
        gathering = 0;
        return new Step.Flush<>(batch);
    }

    /** One item goes alone however large it is. */
    private static <T, R> boolean fits(@Nullable Pending<T, R> next, long room, List<Pending<T, R>> batch) {
        return next != null && (batch.isEmpty() || next.bytes() <= room);
    }

    private Step<T, R> finish() {
        finished = true;
        List<Pending<T, R>> late = List.copyOf(waiting);
        waiting.clear();
        bytes = 0;
        return new Step.Finished<>(late);
    }

    private void dropCancelledHead() {
        for (Pending<T, R> first = waiting.peek(); first != null && first.isCancelled(); first = waiting.peek()) {
            bytes -= first.bytes();
            waiting.remove();
        }
    }
}
