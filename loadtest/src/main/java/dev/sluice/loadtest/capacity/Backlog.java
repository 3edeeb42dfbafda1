package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Pause;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The most that was seen of what a backlog takes, looked at every second on a thread of its own. */
final class Backlog implements AutoCloseable {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final CapacitySystem system;
    private final RedisWatch redis;
    private final Thread thread;
    private volatile boolean watching = true;
    private volatile @Nullable RuntimeException failure;
    private long queued;
    private long redisBytes;
    private long executorBytes;
    private long gatewayBytes;

    private Backlog(CapacitySystem system, RedisWatch redis) {
        this.system = system;
        this.redis = redis;
        this.thread = Thread.ofVirtual().unstarted(this::watch);
    }

    /** Begins; {@code redis} is its own until it is closed. */
    static Backlog watch(CapacitySystem system, RedisWatch redis) {
        Backlog backlog = new Backlog(system, redis);
        backlog.thread.start();
        return backlog;
    }

    /** Ends the watch, whatever became of it. */
    @Override
    public void close() {
        watching = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapacityFailure("Interrupted.", e);
        }
    }

    /** Ends the watch; a look that failed would leave the most unknown. */
    void report(Findings findings) {
        close();
        if (failure != null) {
            throw new CapacityFailure("The backlog could not be watched to the end: " + failure + ".", failure);
        }
        findings.add("most entries in the streams", Long.toString(queued));
        findings.add("most memory of Redis", Quantity.megabytes(redisBytes));
        findings.add("most resident memory of the executor", Quantity.megabytes(executorBytes));
        findings.add("most resident memory of the gateway", Quantity.megabytes(gatewayBytes));
    }

    private void watch() {
        try {
            while (watching) {
                look();
                Pause.of(LOOK);
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void look() {
        queued = Math.max(queued, redis.queued());
        redisBytes = Math.max(redisBytes, redis.memoryBytes());
        executorBytes = Math.max(executorBytes, system.executorResident());
        gatewayBytes = Math.max(gatewayBytes, system.gatewayResident());
    }
}
