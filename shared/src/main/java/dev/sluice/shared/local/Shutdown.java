package dev.sluice.shared.local;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The first reason why the system goes down: somebody asked, or a part of it died. Later reasons are ignored.
 * Thread-safe.
 */
final class Shutdown {
    private static final Duration SETTLE = Duration.ofMillis(200);

    private final CompletableFuture<String> reason = new CompletableFuture<>();

    /** Somebody wants the system to end. */
    void request(String what) {
        reason.complete(what);
    }

    /** A part cannot go on; {@code sentence} says which. */
    void fail(String sentence) {
        reason.completeExceptionally(new LocalFailure(sentence));
    }

    /**
     * As {@link #fail}, but a stop that was asked for at the same time counts first: a supervisor may tell all processes
     * at once. Blocks for a moment.
     */
    void failUnlessRequested(String sentence) {
        LockSupport.parkNanos(SETTLE.toNanos());
        fail(sentence);
    }

    /** Blocks until there is a reason; returns when it was asked for, else throws the failure. */
    void await() {
        try {
            reason.get();
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Blocks for that long; throws at once when there is a reason to stop. */
    void pause(Duration duration) {
        try {
            throw stopped(reason.get(duration.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted.", e);
        }
    }

    /**
     * What to tell the user about a start that failed: the stop that was asked for, which reaches the programs under way
     * as well and maybe earlier than this one, or else the failure itself.
     */
    RuntimeException explain(RuntimeException failure) {
        try {
            return stopped(reason.get(SETTLE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            return failure(e);
        } catch (TimeoutException e) {
            return failure;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return failure;
        }
    }

    private static LocalFailure stopped(String reason) {
        return new LocalFailure("Stopped before it was ready (" + reason + ").");
    }

    private static LocalFailure failure(ExecutionException e) {
        return e.getCause() instanceof LocalFailure failure
                ? failure
                : new LocalFailure(String.valueOf(e.getCause()), e);
    }
}
