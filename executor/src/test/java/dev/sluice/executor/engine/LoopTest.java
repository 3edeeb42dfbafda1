package dev.sluice.executor.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

@SuppressWarnings("TimeZoneUsage") // outside the application there is no Clock bean
class LoopTest {

    private final Scheduler only = Schedulers.newSingle("loop-test", true);

    @AfterEach
    void dispose() {
        only.dispose();
    }

    @Test
    void letsOthersHaveTheThreadAndCanBeCancelled() throws Exception {
        AtomicInteger turns = new AtomicInteger();
        Mono<Integer> endless = new Loop(new Parking(settings()), new Work(only))
                .until(turn -> false, 0, turn -> Mono.fromSupplier(turns::incrementAndGet))
                .subscribeOn(only);

        var run = endless.subscribe();
        for (int i = 0; i < 1_000 && turns.get() == 0; i++) {
            ranSomethingElse();
        }
        run.dispose();
        ranSomethingElse();
        int stopped = turns.get();
        ranSomethingElse();
        assertThat(turns).hasValue(stopped).hasPositiveValue();
    }

    @Test
    void takesAsManyTurnsAsItTakes() {
        new Loop(new Parking(settings()), new Work(only))
                .until(turn -> turn == 1_000_000, 0, turn -> Mono.just(turn + 1))
                .as(StepVerifier::create)
                .expectNext(1_000_000)
                .expectComplete()
                .verify(Duration.ofSeconds(30));
    }

    private EngineSettings settings() {
        return new EngineSettings(
                only,
                Clock.systemUTC(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                new IdempotencyKeys(new byte[32]),
                TestEvaluations.SHARED,
                new CompiledAtOnce(),
                8);
    }

    private void ranSomethingElse() throws InterruptedException {
        CountDownLatch ran = new CountDownLatch(1);
        assertThat(only.schedule(ran::countDown)).isNotNull();
        assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
    }
}
