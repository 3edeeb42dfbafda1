package dev.sluice.executor.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.redis.RedisSettings;
import dev.sluice.shared.redis.WorkStreams;
import dev.sluice.shared.tenancy.Principal;
import dev.sluice.shared.testing.TestRedis;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** The streams of event ids as a gateway sees them, in a Redis that was empty. */
final class TestStreams implements AutoCloseable {

    /** More ids in a stream than any test has. */
    private static final int MOST = 100_000;

    private final Redis redis;
    private final WorkStreams streams;

    private TestStreams() {
        this.redis = new Redis(new RedisSettings(TestRedis.url(), Duration.ofSeconds(5), 1_000, MOST));
        this.streams = new WorkStreams(redis, MOST);
    }

    /** Empties Redis; do it before an executor is started. */
    static TestStreams emptied() {
        TestRedis.flush();
        return new TestStreams();
    }

    /** Blocks until executors can take the events. */
    void publish(Principal principal, List<UUID> events) {
        assertThat(offer(principal, events).block(RunningExecutor.PATIENCE)).isEqualTo(events.size());
    }

    /** Publishes without blocking; emits how many there was room for. */
    Mono<Integer> offer(Principal principal, List<UUID> events) {
        return streams.publish(principal.organization(), events);
    }

    /** Ids that were published and not acknowledged; blocks. */
    long backlog() {
        Long backlog = streams.backlog().block(RunningExecutor.PATIENCE);
        return backlog == null ? 0 : backlog;
    }

    @Override
    public void close() {
        redis.close();
    }
}
