package dev.sluice.shared.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.sluice.shared.problem.ProblemType;
import dev.sluice.shared.problem.SluiceException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.NettyDataBufferFactory;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;
import reactor.test.publisher.TestPublisher;

final class BoundedBodyTest {

    private static final Duration DEADLINE = Duration.ofSeconds(5);
    private static final NettyDataBufferFactory FACTORY = new NettyDataBufferFactory(UnpooledByteBufAllocator.DEFAULT);

    private final List<ByteBuf> made = new ArrayList<>();

    @AfterEach
    void everyBufferWasReleased() {
        assertThat(made).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }

    @Test
    void readsTheWholeBodyUpToTheBound() {
        BoundedBody.read(request(Flux.just(buffer(5), buffer(5))), 10)
                .as(StepVerifier::create)
                .assertNext(bytes -> assertThat(bytes).containsExactly(0, 1, 2, 3, 4, 0, 1, 2, 3, 4))
                .expectComplete()
                .verify(DEADLINE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 1000})
    void keepsTheOrderHoweverItIsCut(int size) {
        int length = 1000 / size * size;
        byte[] whole = new byte[length];
        IntStream.range(0, length).forEach(i -> whole[i] = (byte) (i % size));
        BoundedBody.read(request(Flux.range(0, length / size).map(i -> buffer(size))), length)
                .as(StepVerifier::create)
                .assertNext(bytes -> assertThat(bytes).isEqualTo(whole))
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void isEmptyWhenThereIsNoBody() {
        BoundedBody.read(request(Flux.empty()), 10)
                .as(StepVerifier::create)
                .assertNext(bytes -> assertThat(bytes).isEmpty())
                .expectComplete()
                .verify(DEADLINE);
    }

    @Test
    void doesNotReadAnEndlessBody() {
        BoundedBody.read(request(Flux.range(0, 1_000).map(i -> buffer(64 * 1024))), 10)
                .as(StepVerifier::create)
                .verifyErrorSatisfies(BoundedBodyTest::isTooLarge);
        assertThat(made).hasSizeLessThan(10);
    }

    /** Announcing costs a client nothing, so it must cost nothing here. */
    @Test
    void setsNoMemoryAsideForWhatIsOnlyAnnounced() {
        int much = 512 * 1024 * 1024;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var request = MockServerHttpRequest.post("/").contentLength(much).body(Flux.<DataBuffer>never());
        long before = threads.getCurrentThreadAllocatedBytes();
        BoundedBody.read(request, much).as(StepVerifier::create).thenCancel().verify(DEADLINE);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(much / 4);
    }

    @Test
    void refusesAnAnnouncedLongerBodyWithoutReadingIt() {
        Flux<DataBuffer> untouched = Flux.error(new AssertionError("the body was read"));
        var request = MockServerHttpRequest.post("/").contentLength(11).body(untouched);
        BoundedBody.read(request, 10).as(StepVerifier::create).verifyErrorSatisfies(BoundedBodyTest::isTooLarge);
    }

    @Test
    void releasesWhatItHasWhenTheBodyFails() {
        BoundedBody.read(request(Flux.concat(Mono.just(buffer(5)), Mono.error(new IllegalStateException("gone")))), 10)
                .as(StepVerifier::create)
                .expectError(IllegalStateException.class)
                .verify(DEADLINE);
    }

    @Test
    void releasesWhatItHasWhenCancelled() {
        TestPublisher<DataBuffer> body = TestPublisher.create();
        BoundedBody.read(request(body.flux()), 10)
                .as(StepVerifier::create)
                .then(() -> body.next(buffer(5)))
                .thenCancel()
                .verify(DEADLINE);
        body.assertCancelled();
    }

    private static void isTooLarge(Throwable error) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        SluiceException.class,
                        problem -> assertThat(problem.type()).isEqualTo(ProblemType.PAYLOAD_TOO_LARGE));
    }

    private static MockServerHttpRequest request(Flux<DataBuffer> body) {
        return MockServerHttpRequest.post("/").body(body);
    }

    private DataBuffer buffer(int size) {
        ByteBuf buffer = Unpooled.buffer(size);
        IntStream.range(0, size).forEach(buffer::writeByte);
        made.add(buffer);
        return FACTORY.wrap(buffer);
    }
}
