package dev.sluice.shared.service;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class OpenStreamsTest {
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private final OpenStreams streams = new OpenStreams();

    @Test
    void endsEachStreamWithoutAnErrorWhenTheServiceStops() {
        streams.start();
        TestPublisher<String> source = TestPublisher.create();

        streams.track(source.flux())
                .as(StepVerifier::create)
                .then(() -> source.next("before"))
                .expectNext("before")
                .then(streams::stop)
                .expectComplete()
                .verify(DEADLINE);

        source.assertCancelled();
    }

    @Test
    void endsAStreamThatComesAfterTheStop() {
        streams.start();
        streams.stop();

        streams.track(Flux.never()).as(StepVerifier::create).expectComplete().verify(DEADLINE);
    }

    @Test
    void letsAStreamEndByItself() {
        streams.start();

        streams.track(Flux.just(1, 2))
                .as(StepVerifier::create)
                .expectNext(1, 2)
                .expectComplete()
                .verify(DEADLINE);

        streams.stop();
    }
}
