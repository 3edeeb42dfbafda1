package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.redis.RedisSettings;
import dev.sluice.shared.redis.SharedRates;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;

/** One limit on four gateways with one Redis. */
final class SharedLimitIT {

    private static final int RATE = 400;
    private static final int BURST = 100;
    private static final Rate LIMIT = new Rate(RATE, BURST);
    private static final Pattern REMAINING = Pattern.compile(";r=([0-9]+)");
    private static final AdmissionSettings SETTINGS =
            new AdmissionSettings(LIMIT, LIMIT, LIMIT, 1, 30, 5, List.of(), 1000);

    /** Nothing of the limit is lost in a pause up to this long: a bucket takes longer to be full again. */
    private static final Duration GAP = Duration.ofMillis(100);

    private static final int ATTEMPTS = 5;

    private static Redis redis;

    private List<Admission> gateways = List.of();

    @BeforeAll
    static void connect() {
        redis = new Redis(new RedisSettings(TestRedis.url(), Duration.ofSeconds(2), 10_000, 1000));
    }

    @AfterAll
    static void disconnect() {
        redis.close();
    }

    @AfterEach
    void end() {
        gateways.forEach(SharedLimitIT::stop);
    }

    /**
     * What was admitted in five seconds, what the limit is for that time, and the longest time in which nobody asked: what a bucket
     * that is full does not take in is lost.
     */
    private record Attempt(int admitted, double expected, Duration longestGap) {

        boolean holds() {
            return admitted >= expected * 0.95;
        }
    }

    /** All demand at one of them, at two, or at all: together they admit the limit. Never more, and no less unless the demand paused. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void isOneHoweverTheRequestsAreSpread(int busy) {
        gateways = four();
        gateways.forEach(gateway -> until(() -> atOnce(gateway) == BURST / 4, "all four are known"));
        Attempt last;
        int attempts = 0;
        do {
            last = attempt(gateways.subList(0, busy));
            assertThat((double) last.admitted).as("%s", last).isLessThanOrEqualTo(last.expected * 1.05);
            attempts++;
        } while (!last.holds() && last.longestGap.compareTo(GAP) > 0 && attempts < ATTEMPTS);
        assertThat(last).as("after %d attempts", attempts).matches(Attempt::holds);
    }

    private static Attempt attempt(List<Admission> busy) {
        UUID endpoint = UUID.randomUUID();
        long began = System.nanoTime();
        long now = began;
        long longest = 0;
        int admitted = 0;
        while (now - began < Duration.ofSeconds(5).toNanos()) {
            for (Admission gateway : busy) {
                admitted += admits(gateway, endpoint) ? 1 : 0;
            }
            LockSupport.parkNanos(100_000);
            long next = System.nanoTime();
            longest = Math.max(longest, next - now);
            now = next;
        }
        return new Attempt(admitted, BURST + RATE * (now - began) / 1e9, Duration.ofNanos(longest));
    }

    @Test
    void isNotSharedWithThoseThatHaveStopped() {
        gateways = four();
        Admission stays = gateways.getFirst();
        until(() -> atOnce(stays) == BURST / 4, "all four are known");

        gateways.subList(1, 4).forEach(SharedLimitIT::stop);

        assertThat(nodes()).as("at once, and not as those that vanish").isEqualTo(1);
        until(() -> atOnce(stays) == BURST, "the others have left");
    }

    /** That are counted. */
    private static long nodes() {
        try (RedisClient client = RedisClient.create(TestRedis.url().toString());
                StatefulRedisConnection<String, String> connection = client.connect()) {
            return connection.sync().zcard("sluice:rate-nodes");
        }
    }

    private static List<Admission> four() {
        return Stream.generate(() ->
                        new Admission(SETTINGS, new SharedRates(redis), new SimpleMeterRegistry(), System::nanoTime))
                .limit(4)
                .toList();
    }

    /** How many requests of an organization nobody has heard of yet this gateway would admit. */
    private static int atOnce(Admission gateway) {
        HttpHeaders answer = new HttpHeaders();
        gateway.admitAnybody(new OrganizationId(UUID.randomUUID()), answer);
        Matcher remaining = REMAINING.matcher(Objects.requireNonNull(answer.getFirst("RateLimit")));
        assertThat(remaining.find()).isTrue();
        return 1 + Integer.parseInt(remaining.group(1));
    }

    private static void until(BooleanSupplier condition, String what) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    private static void stop(Admission gateway) {
        gateway.close().block(Duration.ofSeconds(10));
    }

    private static boolean admits(Admission gateway, UUID endpoint) {
        try {
            gateway.admitDelivery(endpoint, new HttpHeaders());
            return true;
        } catch (SluiceException e) {
            return false;
        }
    }
}
