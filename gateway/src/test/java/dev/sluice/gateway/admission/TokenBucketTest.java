package dev.sluice.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TokenBucketTest {

    private static final Rate TEN_A_SECOND = new Rate(10, 5);
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1, -5 * SECOND, Long.MIN_VALUE + 1})
    void givesTheBurstAndThenRefuses(long now) {
        TokenBucket bucket = new TokenBucket(now);
        for (int remaining = 4; remaining >= 0; remaining--) {
            assertThat(bucket.take(TEN_A_SECOND, 1, now).remaining()).isEqualTo(remaining);
        }
        Decision refused = bucket.take(TEN_A_SECOND, 1, now);
        assertThat(refused.admitted()).isFalse();
        assertThat(refused.retryAfter()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void givesTheNextTokenExactlyWhenItSaid() {
        TokenBucket bucket = new TokenBucket(0);
        assertThat(drain(bucket, 0)).isEqualTo(5);
        assertThat(bucket.take(TEN_A_SECOND, 1, SECOND / 10 - 1).admitted()).isFalse();
        assertThat(bucket.take(TEN_A_SECOND, 1, SECOND / 10).admitted()).isTrue();
        assertThat(bucket.take(TEN_A_SECOND, 1, SECOND / 10).admitted()).isFalse();
    }

    @Test
    void savesNoMoreThanTheBurst() {
        TokenBucket bucket = new TokenBucket(0);
        assertThat(drain(bucket, 0)).isEqualTo(5);
        assertThat(drain(bucket, 100 * SECOND)).isEqualTo(5);
    }

    @Test
    void givesItsPartOfWhatSeveralGatewaysShare() {
        TokenBucket bucket = new TokenBucket(0);
        assertThat(bucket.take(new Rate(10, 8), 4, 0).remaining()).isEqualTo(1);
        assertThat(bucket.take(new Rate(10, 8), 4, 0).admitted()).isTrue();
        assertThat(bucket.take(new Rate(10, 8), 4, 0).retryAfter()).isEqualTo(Duration.ofMillis(400));
    }

    @Test
    void givesOneWhenFullHoweverManyShareIt() {
        TokenBucket bucket = new TokenBucket(0);
        assertThat(bucket.take(TEN_A_SECOND, 100, 0).admitted()).isTrue();
        assertThat(bucket.take(TEN_A_SECOND, 100, 0).admitted()).isFalse();
        assertThat(bucket.take(TEN_A_SECOND, 100, 10 * SECOND).admitted()).isTrue();
    }

    @Test
    void isRetiredOnlyWhenFullAndGivesNothingAfterwards() {
        TokenBucket bucket = new TokenBucket(0);
        assertThat(bucket.take(TEN_A_SECOND, 1, 0).admitted()).isTrue();
        assertThat(bucket.retire(SECOND / 20)).isFalse();
        assertThat(bucket.retire(SECOND / 10)).isTrue();
        assertThat(bucket.take(TEN_A_SECOND, 1, SECOND).isRetired()).isTrue();
    }

    @Test
    void givesEachTokenOnceWhenManyTake() throws Exception {
        Rate rate = new Rate(0.001, 1000);
        TokenBucket bucket = new TokenBucket(0);
        Callable<Integer> taker = () -> (int) Stream.generate(() -> bucket.take(rate, 1, 0))
                .limit(1000)
                .filter(Decision::admitted)
                .count();
        int taken = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> one : threads.invokeAll(java.util.Collections.nCopies(4, taker))) {
                taken += one.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(taken).isEqualTo(1000);
    }

    private static int drain(TokenBucket bucket, long now) {
        int taken = 0;
        while (bucket.take(TEN_A_SECOND, 1, now).admitted()) {
            taken++;
        }
        return taken;
    }
}
