package dev.sluice.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {

    private static final Duration FAST = Duration.ofMillis(5);
    private static final Duration SLOW = Duration.ofSeconds(2);

    private final AdaptiveLimit limit = new AdaptiveLimit(100, 1_000, Duration.ofMillis(500));

    @Test
    void staysAtItsMaximumWhileTheEngineIsFast() {
        assertThat(limit.next(FAST, 1_000)).isEqualTo(1_000);
        assertThat(limit.next(Duration.ZERO, 0)).isEqualTo(1_000);
    }

    @Test
    void takesNoNoticeOfAMoment() {
        assertThat(limit.next(SLOW, 800)).isEqualTo(1_000);
        assertThat(limit.next(SLOW, 800)).isEqualTo(1_000);
        assertThat(limit.next(FAST, 800)).isEqualTo(1_000);
        assertThat(limit.next(SLOW, 800)).isEqualTo(1_000);
        assertThat(limit.next(SLOW, 800)).isEqualTo(1_000);
    }

    @Test
    void fallsBelowWhatIsUsedDownToItsMinimum() {
        slow(AdaptiveLimit.PATIENCE, 800);
        assertThat(limit.next(FAST, 0)).isEqualTo(700);
        slow(50, 0);
        assertThat(limit.next(FAST, 0)).isEqualTo(100);
    }

    @Test
    void growsAgainWhenItIsUsedAndNotOtherwise() {
        slow(50, 0);
        assertThat(limit.next(FAST, 10)).isEqualTo(100);
        assertThat(limit.next(FAST, 90)).isEqualTo(150);
        assertThat(limit.next(FAST, 150)).isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            assertThat(limit.next(FAST, 1_000)).isBetween(200, 1_000);
        }
        assertThat(limit.next(FAST, 1_000)).isEqualTo(1_000);
    }

    /** An engine that is slow from 400 runs on is kept near them. */
    @Test
    void settlesWhereTheEngineIsFastEnough() {
        int used = 1_000;
        int most = 0;
        for (int second = 0; second < 300; second++) {
            used = limit.next(used > 400 ? SLOW : FAST, used);
            most = second < 60 ? 0 : Math.max(most, used);
        }
        assertThat(most).isBetween(300, 600);
    }

    @Test
    void neverLeavesItsBounds() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("AdaptiveLimitTest seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            assertThat(limit.next(random.nextInt(3) == 0 ? FAST : SLOW, random.nextInt(2_000)))
                    .isBetween(100, 1_000);
        }
    }

    private void slow(int periods, int used) {
        for (int i = 0; i < periods; i++) {
            assertThat(limit.next(SLOW, used)).isPositive();
        }
    }
}
