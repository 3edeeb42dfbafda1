package dev.sluice.shared.local;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The first reason why the system goes down: somebody asked, or a part of it died. Later reasons are ignored.
 * Thread-safe.
 */
final class Shutdown {
    private final CompletableFuture<String> reason = new CompletableFuture<>();

    /** Somebody wants the system to end. */
    void request(String what) {
        reason.complete(what);
    }

    /** A part cannot go on; {@code sentence} says which. */
    void fail(String sentence) {
        reason.completeExceptionally(new LocalFailure(sentence));
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
            throw new LocalFailure(
                    "Stopped before it was ready (" + reason.get(duration.toMillis(), TimeUnit.MILLISECONDS) + ").");
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalFailure("Interrupted.", e);
        }
    }

    private static LocalFailure failure(ExecutionException e) {
        return e.getCause() instanceof LocalFailure failure
                ? failure
                : new LocalFailure(String.valueOf(e.getCause()), e);
    }
}
