package dev.sluice.loadtest.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.loadtest.drill.Api;
import dev.sluice.loadtest.drill.DrillSystem;
import dev.sluice.loadtest.drill.ServiceProcess;
import dev.sluice.loadtest.upstream.UpstreamSimulator;
import dev.sluice.loadtest.upstream.UpstreamStats;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a sender is told while Redis or PostgreSQL is away, and what becomes of it. The moments are random;
 * {@code -Dsluice.drill.seed=…} repeats those of an earlier run, which each account names. {@code DrillIT} has the rest.
 */
@Timeout(unit = TimeUnit.MINUTES, value = 4)
final class ServersAwayIT {

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration FINISH = Duration.ofSeconds(75);
    private static final int LATENCY_MILLIS = 300;
    private static final long SEED = Long.getLong("sluice.drill.seed", System.nanoTime());

    private static UpstreamSimulator upstream;
    private static DrillSystem system;
    private static Api api;

    private final SplittableRandom random = new SplittableRandom(SEED);

    @BeforeAll
    static void start(@TempDir Path folder) {
        upstream = UpstreamSimulator.start("127.0.0.1", 0).blockOptional(START).orElseThrow();
        system = LocalSystems.of(folder, 1, 1, LocalSystems.SHORT_LEASE);
        system.startServers("127.0.0.1:" + upstream.uri().getPort());
        ServiceProcess executor = system.launch("executor-1");
        ServiceProcess gateway = system.launch("gateway-1");
        executor.awaitReady();
        gateway.awaitReady();
        api = new Api(system.gateway(0));
    }

    @AfterAll
    static void stop() {
        system.close();
        upstream.close();
    }

    @BeforeEach
    void forgetEarlierCalls() {
        upstream.reset();
    }

    @Test
    void eventsThatComeWhileRedisIsAwayRunWhenItIsBack() throws Exception {
        try (Load load = new Load(api, "redis", upstream.uri(), LATENCY_MILLIS)) {
            load.send(10, 20, Duration.ofSeconds(1));
            awaitCalls(10, 60);
            system.redis().crash();
            load.send(10, 30, Duration.ofSeconds(1));
            load.awaitAccepted();
            system.redis().restart();
            long back = System.nanoTime();
            load.awaitExactAccount(FINISH);
            UpstreamStats stats = upstream.stats();
            tell(
                    ("Redis away: %d runs and events accepted (%d requests repeated), all completed %.1f s after its return;"
                                    + " calls %d, keys %d")
                            .formatted(
                                    load.accepted(),
                                    load.repeatedRequests(),
                                    (System.nanoTime() - back) / 1e9,
                                    stats.requests(),
                                    stats.distinctKeys()));

            assertThat(load.repeatedRequests()).isZero();
            assertCallsOf(load, stats);
            assertThat(stats.repeatedKeys()).isZero();
        }
    }

    @Test
    void nothingIsAcceptedWhilePostgresIsAwayAndRunsFinishWhenItIsBack() throws Exception {
        try (Load load = new Load(api, "postgres", upstream.uri(), LATENCY_MILLIS)) {
            load.send(50, 30, Duration.ofMillis(1500));
            awaitCalls(20, 180);
            system.primary().crash();
            long away = System.nanoTime();
            long until = away + LocalSystems.SHORT_LEASE.toNanos() * 2;
            int refused = 0;
            while (System.nanoTime() < until) {
                assertRefused(load.tryRun());
                assertRefused(load.tryDelivery());
                refused += 2;
            }
            system.primary().restart();
            long back = System.nanoTime();
            load.awaitAccepted();
            load.awaitExactAccount(FINISH);
            UpstreamStats stats = upstream.stats();
            tell(
                    ("PostgreSQL away for %.1f s: %d requests refused, %d runs and events accepted (%d requests repeated), all"
                                    + " completed %.1f s after its return; calls %d, keys %d, repeated keys %d")
                            .formatted(
                                    (back - away) / 1e9,
                                    refused,
                                    load.accepted(),
                                    load.repeatedRequests(),
                                    (System.nanoTime() - back) / 1e9,
                                    stats.requests(),
                                    stats.distinctKeys(),
                                    stats.repeatedKeys()));

            assertCallsOf(load, stats);
        }
    }

    private static void assertRefused(Api.Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.retryAfter()).isPositive();
        assertThat(answer.body().path("type").asString()).isEqualTo("urn:sluice:problem:unavailable");
    }

    /** Each run made its three calls, each with a key of its own, and no key came more than twice. */
    private static void assertCallsOf(Load load, UpstreamStats stats) {
        assertThat(stats.withoutKey()).isZero();
        assertThat(stats.distinctKeys()).isEqualTo((long) load.accepted() * Load.CALLS);
        assertThat(stats.requests() - stats.distinctKeys()).isEqualTo(stats.repeatedKeys());
    }

    /** Waits until the upstream has seen a random number of calls: progress, unlike time, is the same on every machine. */
    private void awaitCalls(int from, int to) throws InterruptedException {
        int calls = random.nextInt(from, to);
        long deadline = System.nanoTime() + START.toNanos();
        while (upstream.stats().requests() < calls) {
            assertThat(System.nanoTime()).as("calls did not come to %d", calls).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    private static void tell(String account) {
        System.out.println(account + " (sluice.drill.seed=" + SEED + ")");
    }
}
