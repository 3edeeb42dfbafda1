package dev.sluice.loadtest.capacity;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

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

    /** Floods for a time. Asks the database nothing meanwhile: to count what waits takes a while of the same machine. */
    void send(Duration time) {
        Deadline deadline = Deadline.in(time);
        BooleanSupplier going = () -> !deadline.isOver();
        int from = Math.max(starts.next(), webhooks.next() - WEBHOOKS);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<?> started = CompletableFuture.runAsync(
                    () -> starting.send(from, WEBHOOKS, going, this::start, starts), threads);
            CompletableFuture<?> delivered = CompletableFuture.runAsync(
                    () -> delivering.send(WEBHOOKS + from, 2 * WEBHOOKS, going, this::deliver, webhooks), threads);
            started.join();
            delivered.join();
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
