package dev.sluice.shared.stream;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class BreakOffTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final TestPublisher<String> source = TestPublisher.create();
    private final TestPublisher<String> over = TestPublisher.create();
    private final Flux<String> stream = BreakOff.when(source.flux(), over.mono());

    @Test
    void aFailureOfTheOtherSideIsTheEndAndCancelsTheSource() {
        StepVerifier.create(stream, 1)
                .then(() -> source.next("a"))
                .expectNext("a")
                .then(() -> over.error(new TimeoutException("late")))
                .expectErrorMessage("late")
                .verify(DEADLINE);
        source.assertCancelled();
    }

    @Test
    void anEndOfTheOtherSideIsTheEndAndCancelsTheSource() {
        StepVerifier.create(stream).then(over::complete).expectComplete().verify(DEADLINE);
        source.assertCancelled();
    }

    @Test
    void anEndOfTheSourceCancelsTheOtherSide() {
        StepVerifier.create(stream)
                .then(() -> source.next("a").complete())
                .expectNext("a")
                .expectComplete()
                .verify(DEADLINE);
        over.assertCancelled();
    }

    @Test
    void aFailureOfTheSourceIsItsOwn() {
        StepVerifier.create(stream)
                .then(() -> source.error(new IllegalStateException("broken")))
                .expectErrorMessage("broken")
                .verify(DEADLINE);
        over.assertCancelled();
    }

    @Test
    void whoeverHasEnoughCancelsBoth() {
        StepVerifier.create(stream).thenCancel().verify(DEADLINE);
        source.assertCancelled();
        over.assertCancelled();
    }

    @Test
    void eachSubscriptionHasItsOwnFailure() {
        StepVerifier.create(stream)
                .then(() -> over.error(new TimeoutException("late")))
                .expectErrorMessage("late")
                .verify(DEADLINE);
        StepVerifier.create(BreakOff.when(Flux.just("a"), over.mono()))
                .expectErrorMessage("late")
                .verify(DEADLINE);
        TestPublisher<String> quiet = TestPublisher.create();
        StepVerifier.create(BreakOff.when(Flux.just("a"), quiet.mono()))
                .expectNext("a")
                .expectComplete()
                .verify(DEADLINE);
    }
}
