package dev.sluice.loadtest.capacity;

import dev.sluice.loadtest.drill.Pause;
import java.time.Duration;

/** The most that was seen of what a backlog takes, looked at every second on a thread of its own. */
final class Backlog {

    private static final Duration LOOK = Duration.ofSeconds(1);

    private final CapacitySystem system;
    private final RedisWatch redis;
    private final Thread thread;
    private volatile boolean watching = true;
    private long queued;
    private long redisBytes;
    private long executorBytes;
    private long gatewayBytes;

    private Backlog(CapacitySystem system, RedisWatch redis) {
        this.system = system;
        this.redis = redis;
        this.thread = Thread.ofVirtual().unstarted(this::watch);
    }

    /** Begins; {@code redis} is its own until it is stopped. */
    static Backlog watch(CapacitySystem system, RedisWatch redis) {
        Backlog backlog = new Backlog(system, redis);
        backlog.thread.start();
        return backlog;
    }

    void stop() {
        watching = false;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CapacityFailure("Interrupted.", e);
        }
    }

    /** After {@link #stop}. */
    void report(Findings findings) {
        findings.add("most entries in the streams", Long.toString(queued));
        findings.add("most memory of Redis", Quantity.megabytes(redisBytes));
        findings.add("most resident memory of the executor", Quantity.megabytes(executorBytes));
        findings.add("most resident memory of the gateway", Quantity.megabytes(gatewayBytes));
    }

    private void watch() {
        while (watching) {
            queued = Math.max(queued, redis.queued());
            redisBytes = Math.max(redisBytes, redis.memoryBytes());
            executorBytes = Math.max(executorBytes, system.executorResident());
            gatewayBytes = Math.max(gatewayBytes, system.gatewayResident());
            Pause.of(LOOK);
        }
    }
}
