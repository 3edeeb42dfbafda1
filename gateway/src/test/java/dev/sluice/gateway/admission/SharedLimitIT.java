package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.shared.problem.SluiceException;
import dev.sluice.shared.redis.Redis;
import dev.sluice.shared.redis.RedisSettings;
import dev.sluice.shared.redis.SharedRates;
import dev.sluice.shared.tenancy.OrganizationId;
import dev.sluice.shared.testing.TestRedis;
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

    private static Redis redis;

    private final UUID endpoint = UUID.randomUUID();
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

    /** All demand at one of them, at two, or at all: together they admit the limit. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void isOneHoweverTheRequestsAreSpread(int busy) {
        gateways = four();
        gateways.forEach(gateway -> until(() -> atOnce(gateway) == BURST / 4, "all four are known"));
        long began = System.nanoTime();
        long end = began + Duration.ofSeconds(5).toNanos();
        int admitted = 0;
        while (System.nanoTime() < end) {
            for (int i = 0; i < busy; i++) {
                admitted += admits(gateways.get(i)) ? 1 : 0;
            }
            LockSupport.parkNanos(100_000);
        }
        double expected = BURST + RATE * (System.nanoTime() - began) / 1e9;
        assertThat((double) admitted).isCloseTo(expected, within(expected * 0.05));
    }

    @Test
    void isNotSharedWithThoseThatHaveStopped() {
        gateways = four();
        Admission stays = gateways.getFirst();
        until(() -> atOnce(stays) == BURST / 4, "all four are known");
        long stopping = System.nanoTime();

        gateways.subList(1, 4).forEach(SharedLimitIT::stop);

        until(() -> atOnce(stays) == BURST, "the others have left");
        assertThat(Duration.ofNanos(System.nanoTime() - stopping))
                .as("sooner than those that vanish are forgotten")
                .isLessThan(Duration.ofSeconds(3));
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

    private boolean admits(Admission gateway) {
        try {
            gateway.admitDelivery(endpoint, new HttpHeaders());
            return true;
        } catch (SluiceException e) {
            return false;
        }
    }
}
