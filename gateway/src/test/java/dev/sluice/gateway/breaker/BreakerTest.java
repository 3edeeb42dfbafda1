package dev.sluice.gateway.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BreakerTest {

    private static final long PAUSE = Breaker.PAUSE.toNanos();

    private final Breaker breaker = new Breaker();

    @Test
    void staysClosedWhileLessThanHalfFail() {
        for (int i = 0; i < 1000; i++) {
            assertThat(breaker.tryEnter(0)).isTrue();
            end(i % 5 < 3);
        }
        assertThat(breaker.tryEnter(0)).isTrue();
    }

    @Test
    void opensOnceHalfOfTwentyFailed() {
        for (int i = 0; i < 19; i++) {
            assertThat(breaker.tryEnter(0)).isTrue();
            breaker.failed(0);
        }
        assertThat(breaker.tryEnter(0)).isTrue();
        breaker.failed(0);
        assertThat(breaker.tryEnter(0)).isFalse();
        assertThat(breaker.tryEnter(PAUSE - 1)).isFalse();
    }

    @Test
    void whatWentWellLongAgoHelpsNobody() {
        for (int i = 0; i < 10_000; i++) {
            breaker.succeeded();
        }
        int failures = 0;
        while (breaker.tryEnter(0)) {
            breaker.failed(0);
            failures++;
        }
        assertThat(failures).isBetween(20, 50);
    }

    @Test
    void triesAFewAfterAPauseAndClosesWhenAllWentWell() {
        open();
        for (int i = 0; i < 5; i++) {
            assertThat(breaker.tryEnter(PAUSE)).isTrue();
        }
        assertThat(breaker.tryEnter(PAUSE)).isFalse();
        for (int i = 0; i < 4; i++) {
            breaker.succeeded();
            assertThat(breaker.tryEnter(PAUSE)).isFalse();
        }
        breaker.succeeded();
        assertThat(breaker.tryEnter(PAUSE)).isTrue();
    }

    @Test
    void oneThatFailsAgainMakesItWaitAgain() {
        open();
        assertThat(breaker.tryEnter(PAUSE)).isTrue();
        breaker.failed(PAUSE);
        assertThat(breaker.tryEnter(2 * PAUSE - 1)).isFalse();
        assertThat(breaker.tryEnter(2 * PAUSE)).isTrue();
    }

    @Test
    void aTrialThatNobodyWaitedForIsGivenToAnother() {
        open();
        for (int i = 0; i < 20; i++) {
            assertThat(breaker.tryEnter(PAUSE)).isTrue();
            breaker.withdrawn();
        }
        assertThat(breaker.tryEnter(PAUSE)).isTrue();
    }

    @Test
    void letsAFewThroughHoweverManyComeAtOnce() {
        open();
        AtomicInteger entered = new AtomicInteger();
        IntStream.range(0, 10_000).parallel().forEach(i -> {
            if (breaker.tryEnter(PAUSE)) {
                entered.incrementAndGet();
            }
        });
        assertThat(entered).hasValue(5);
    }

    /** Whatever happens in whichever order, it comes to let requests through again once they succeed. */
    @Test
    void recoversFromAnything() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        long now = 0;
        for (int round = 0; round < 200; round++) {
            for (int i = 0; i < 100; i++) {
                now += random.nextLong(PAUSE / 10);
                boolean entered = breaker.tryEnter(now);
                int kind = random.nextInt(4);
                if (kind == 0) {
                    breaker.succeeded();
                } else if (kind == 1) {
                    breaker.failed(now);
                } else if (entered) {
                    breaker.withdrawn();
                }
            }
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                now += PAUSE;
                if (breaker.tryEnter(now)) {
                    breaker.succeeded();
                } else {
                    refused++;
                }
            }
            assertThat(refused).as("seed %s, round %s", seed, round).isLessThan(20);
            assertThat(breaker.tryEnter(now))
                    .as("seed %s, round %s", seed, round)
                    .isTrue();
            breaker.succeeded();
        }
    }

    private void open() {
        for (int i = 0; i < 20; i++) {
            breaker.failed(0);
        }
        assertThat(breaker.tryEnter(0)).isFalse();
    }

    private void end(boolean well) {
        if (well) {
            breaker.succeeded();
        } else {
            breaker.failed(0);
        }
    }
}
