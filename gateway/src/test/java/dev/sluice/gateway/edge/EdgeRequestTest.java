package dev.sluice.gateway.edge;

import dev.sluice.shared.problem.SluiceException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.HttpMethod;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class EdgeRequestTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final TestPublisher<DataBuffer> body = TestPublisher.create();
    private final MockServerHttpRequest request =
            MockServerHttpRequest.method(HttpMethod.POST, "/").body(body.flux());

    /** Nobody would let go of what still came. */
    @Test
    void aBodyThatTakesTooLongIsNotReadAnyMore() {
        StepVerifier.withVirtualTime(() -> new EdgeRequest(request, TIMEOUT, null, request.getURI()).getBody())
                .expectSubscription()
                .expectNoEvent(TIMEOUT.minusMillis(1))
                .then(body::assertNotCancelled)
                .thenAwait(Duration.ofMillis(1))
                .expectError(SluiceException.class)
                .verify(DEADLINE);
        body.assertCancelled();
    }
}
