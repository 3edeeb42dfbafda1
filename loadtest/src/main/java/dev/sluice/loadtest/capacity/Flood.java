package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Pause;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** Starts and webhooks at once, each over its connections. */
record Flood(
        Driver starting,
        Driver delivering,
        Tenant tenant,
        String workflow,
        SignedHook hook,
        Sent starts,
        Sent webhooks) {

    /** Numbers of webhooks begin here; no flood comes to so many starts. */
    private static final int WEBHOOKS = 10_000_000;

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Floods for a time, and returns the most that was queued at a moment. */
    long send(Duration time, LongSupplier queued) {
        Deadline deadline = Deadline.in(time);
        BooleanSupplier going = () -> !deadline.isOver();
        int from = Math.max(starts.next(), webhooks.next() - WEBHOOKS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<?> started = CompletableFuture.runAsync(
                    () -> starting.send(from, WEBHOOKS, going, this::start, starts), threads);
            CompletableFuture<?> delivered = CompletableFuture.runAsync(
                    () -> delivering.send(WEBHOOKS + from, 2 * WEBHOOKS, going, this::deliver, webhooks), threads);
            long most = 0;
            while (!started.isDone() || !delivered.isDone()) {
                most = Math.max(most, queued.getAsLong());
                Pause.of(LOOK);
            }
            started.join();
            delivered.join();
            return most;
        }
    }

    int accepted() {
        return starts.accepted() + webhooks.accepted();
    }

    private Ask start(int number) {
        return tenant.start(workflow, input(number));
    }

    private Ask deliver(int number) {
        return hook.deliver(input(number));
    }

    private static String input(int number) {
        return "{\"number\":" + number + "}";
    }
}
