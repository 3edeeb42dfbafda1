package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class BucketsTest {

    private static final long SECOND = 1_000_000_000L;
    private final AtomicLong now = new AtomicLong();

    @Test
    void forgetsNobodyWhoIsThrottled() {
        Buckets buckets = new Buckets("key", 2, now::get);
        UUID throttled = UUID.randomUUID();
        assertThat(buckets.take(throttled, new Rate(0.01, 1)).admitted()).isTrue();
        assertThat(buckets.take(UUID.randomUUID(), new Rate(0.01, 1)).admitted())
                .isTrue();
        for (int i = 0; i < 10; i++) {
            now.addAndGet(2 * SECOND);
            assertThat(buckets.take(UUID.randomUUID(), new Rate(0.01, 1)).admitted())
                    .isFalse();
            assertThat(buckets.take(throttled, new Rate(0.01, 1)).admitted()).isFalse();
        }
        assertThat(buckets.size()).isEqualTo(2);
    }

    @Test
    void makesRoomByForgettingFullBuckets() {
        Buckets buckets = new Buckets("key", 2, now::get);
        assertThat(buckets.take(UUID.randomUUID(), new Rate(1, 1)).admitted()).isTrue();
        assertThat(buckets.take(UUID.randomUUID(), new Rate(1, 1)).admitted()).isTrue();
        buckets.report(2).forEach(report -> report.settle(SECOND));
        now.addAndGet(SECOND);
        assertThat(buckets.take(UUID.randomUUID(), new Rate(1, 1)).admitted()).isTrue();
        assertThat(buckets.size()).isEqualTo(1);
    }

    @Test
    void keepsWhatTheOthersHaveNotBeenToldOf() {
        Buckets buckets = new Buckets("key", 1, now::get);
        assertThat(buckets.take(UUID.randomUUID(), new Rate(1, 1)).admitted()).isTrue();
        buckets.report(5).getFirst().takeBack();
        assertThat(buckets.report(5)).hasSize(1).first().satisfies(report -> {
            assertThat(report.use().taken()).isEqualTo(1);
            assertThat(report.use().limit()).startsWith("key:");
        });
        assertThat(buckets.report(5)).isEmpty();
    }

    @Test
    void forgetsNobodyWhoWasNotToldOf() {
        Buckets buckets = new Buckets("key", 1, now::get);
        assertThat(buckets.take(UUID.randomUUID(), new Rate(1, 1)).admitted()).isTrue();
        now.addAndGet(2 * SECOND);
        assertThat(buckets.take(UUID.randomUUID(), new Rate(1, 1)).admitted()).isFalse();
        buckets.report(5).forEach(Buckets.Report::takeBack);
        now.addAndGet(2 * SECOND);
        assertThat(buckets.take(UUID.randomUUID(), new Rate(1, 1)).admitted()).isTrue();
    }

    @Test
    void tellsNothingOfAnOutageThatHasComeBackSince() {
        Buckets buckets = new Buckets("key", 5, now::get);
        UUID caller = UUID.randomUUID();
        for (int i = 0; i < 600; i++) {
            assertThat(buckets.take(caller, new Rate(10, 10)).admitted()).isTrue();
            buckets.report(5).forEach(Buckets.Report::takeBack);
            now.addAndGet(SECOND / 10);
        }
        assertThat(buckets.report(5))
                .allSatisfy(report -> assertThat(report.use().taken()).isLessThanOrEqualTo(2));
    }

    @Test
    void goesByWhatAllHaveTaken() {
        Buckets buckets = new Buckets("key", 5, now::get);
        UUID caller = UUID.randomUUID();
        assertThat(buckets.take(caller, new Rate(10, 10)).admitted()).isTrue();
        Buckets.Report report = buckets.report(5).getFirst();
        buckets.share(2);
        // The others have taken nine.
        report.settle(SECOND);
        assertThat(buckets.take(caller, new Rate(10, 10)).admitted()).isFalse();
        now.addAndGet(SECOND / 5);
        assertThat(buckets.take(caller, new Rate(10, 10)).admitted()).isTrue();
        assertThat(buckets.take(caller, new Rate(10, 10)).admitted()).isFalse();
    }

    @Test
    void admitsExactlyTheBurstWhileOthersForceSweeps() throws Exception {
        Buckets buckets = new Buckets("key", 8, now::get);
        UUID busy = UUID.randomUUID();
        Callable<Integer> taker = () -> {
            int taken = 0;
            for (int i = 0; i < 1000; i++) {
                now.addAndGet(1000);
                taken += buckets.take(busy, new Rate(0.001, 500)).admitted() ? 1 : 0;
                Decision other = buckets.take(UUID.randomUUID(), new Rate(0.001, 500));
                assertThat(other.isRetired()).isFalse();
            }
            return taken;
        };
        int taken = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> one : threads.invokeAll(java.util.Collections.nCopies(4, taker))) {
                taken += one.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(taken).isEqualTo(500);
        assertThat(buckets.size()).isLessThanOrEqualTo(8);
    }
}
