package dev.sluice.shared.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.testing.TestRedis;
import io.lettuce.core.Range;
import io.lettuce.core.RedisClient;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.util.retry.Retry;

final class ChangeStreamIT {

    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Redis redis;
    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;

    @BeforeEach
    void connect() {
        TestRedis.flush();
        redis = new Redis(new RedisSettings(TestRedis.url(), Duration.ofSeconds(2), 1000, 1000));
        client = RedisClient.create(TestRedis.url().toString());
        connection = client.connect();
    }

    @AfterEach
    void close() {
        connection.close();
        client.shutdown();
        redis.close();
    }

    @Test
    void keepsWhatItWasToldForAMonth() {
        long now = System.currentTimeMillis();
        long day = Duration.ofDays(1).toMillis();
        there(now - 31 * day, "too old");
        there(now - 29 * day, "old");
        new ChangeStream(redis)
                .append(List.of(new ChangeStream.Entry("o", "new"), new ChangeStream.Entry("o", "newer")))
                .retryWhen(Retry.fixedDelay(50, Duration.ofMillis(100)))
                .block(DEADLINE);
        assertThat(connection.sync().xrange(ChangeStream.KEY, Range.unbounded()))
                .extracting(StreamMessage::getBody)
                .extracting(body -> body.get("event"))
                .containsExactly("old", "new", "newer");
    }

    private void there(long millis, String event) {
        assertThat(connection.sync().xadd(ChangeStream.KEY, new XAddArgs().id(millis + "-0"), Map.of("event", event)))
                .isNotNull();
    }
}
