package dev.sluice.shared.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.resources.LoopResources;
import reactor.test.StepVerifier;

/**
 * Proves that BlockHound is awake in the module that extends this: a sleep on Reactor's and on Reactor Netty's threads
 * is found even when the chain swallows the error. Each module has a {@code BlockHoundCanaryTest} that extends it.
 */
public abstract class BlockHoundCanary {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    @Test
    void findsASleepOnTheParallelScheduler() {
        sleepSwallowingTheError(Schedulers.parallel());

        assertThat(BlockingCalls.drain()).singleElement().satisfies(BlockHoundCanary::isTheSleep);
    }

    @Test
    void findsASleepOnAnEventLoopOfReactorNetty() {
        LoopResources loops = LoopResources.create("canary", 1, true);
        try {
            sleepSwallowingTheError(Schedulers.fromExecutor(loops.onServer(true)));
        } finally {
            loops.disposeLater(Duration.ZERO, DEADLINE).block(DEADLINE);
        }

        assertThat(BlockingCalls.drain()).singleElement().satisfies(BlockHoundCanary::isTheSleep);
    }

    @Test
    void failsTheTestThatBlocked() {
        sleepSwallowingTheError(Schedulers.parallel());

        assertThatThrownBy(FailsOnBlockingCall::failIfAnyCallBlocked)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Thread.sleep")
                .hasMessageContaining("parallel-");
        assertThatCode(FailsOnBlockingCall::failIfAnyCallBlocked).doesNotThrowAnyException();
    }

    private static void sleepSwallowingTheError(Scheduler scheduler) {
        Mono.fromCallable(BlockHoundCanary::sleep)
                .subscribeOn(scheduler)
                .onErrorResume(BlockingOperationError.class, error -> Mono.just("swallowed"))
                .as(StepVerifier::create)
                .expectNext("swallowed")
                .expectComplete()
                .verify(DEADLINE);
    }

    private static String sleep() throws InterruptedException {
        Thread.sleep(1);
        return "slept";
    }

    private static void isTheSleep(BlockingCalls.Call call) {
        assertThat(call.error()).hasMessageContaining("Thread.sleep");
    }
}
