package dev.sluice.shared.postgres;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * One submitted item and the caller that waits for it. Thread-safe.
 *
 * <pre>
 *   QUEUED --take--> TAKEN --succeed, fail--> SETTLED
 *      |  \---------------fail--------------> SETTLED
 *      \--cancel--> CANCELLED
 * </pre>
 */
final class Pending<T, R> {

    private enum State {
        QUEUED,
        TAKEN,
        SETTLED,
        CANCELLED
    }

    private final AtomicReference<State> state = new AtomicReference<>(State.QUEUED);
    private final MonoSink<R> caller;
    private final long bytes;
    private final long queuedNanos;
    private volatile @Nullable T item;

    Pending(T item, long bytes, MonoSink<R> caller, long queuedNanos) {
        this.item = item;
        this.bytes = bytes;
        this.caller = caller;
        this.queuedNanos = queuedNanos;
    }

    long bytes() {
        return bytes;
    }

    long queuedNanos() {
        return queuedNanos;
    }

    /** The item of a pending that was taken. */
    T item() {
        return Objects.requireNonNull(item, "cancelled");
    }

    /** From now on the item is written whatever its caller does; false when the caller has gone. */
    boolean take() {
        return state.compareAndSet(State.QUEUED, State.TAKEN);
    }

    /** True when the item will not be written; false when it is too late for that. */
    boolean cancel() {
        boolean removed = state.compareAndSet(State.QUEUED, State.CANCELLED);
        if (removed) {
            // The place in the queue is cleared later, the memory now.
            item = null;
        }
        return removed;
    }

    boolean isCancelled() {
        return state.get() == State.CANCELLED;
    }

    void succeed(R result) {
        if (state.compareAndSet(State.TAKEN, State.SETTLED)) {
            caller.success(result);
        }
    }

    void fail(Throwable error) {
        State before = state.getAndUpdate(current -> current == State.CANCELLED ? current : State.SETTLED);
        if (before == State.QUEUED || before == State.TAKEN) {
            caller.error(error);
        }
    }
}
