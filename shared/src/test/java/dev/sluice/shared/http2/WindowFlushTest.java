package dev.sluice.shared.http2;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.ConnectionProvider;

/** Readers that take a little, wait until the window is used up, and want the rest. */
final class WindowFlushTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int WINDOW = 32 * 1024;
    private static final int SIZE = 20 * WINDOW;

    /** Longer than it takes to fill the window. */
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final ConnectionProvider connections = ConnectionProvider.newConnection();
    private DisposableServer server = server(WindowFlushTest::download);

    @AfterEach
    void stop() {
        server.disposeNow(DEADLINE);
        connections.dispose();
    }

    @Test
    void aClientThatWaitsGetsTheRest() {
        for (int i = 0; i < 20; i++) {
            assertThat(client().get()
                            .uri("/")
                            .response((response, body) -> counted(body.asByteArray()))
                            .blockLast(DEADLINE))
                    .isEqualTo(SIZE);
        }
    }

    @Test
    void aServerThatWaitsGetsTheRest() {
        server.disposeNow(DEADLINE);
        server = server((request, response) -> counted(request.receive().asByteArray())
                .flatMap(size -> response.sendString(Mono.just("" + size)).then()));
        for (int i = 0; i < 20; i++) {
            assertThat(client().post()
                            .uri("/")
                            .send((request, sent) -> sent.sendByteArray(bytes()))
                            .responseContent()
                            .aggregate()
                            .asString()
                            .block(DEADLINE))
                    .isEqualTo("" + SIZE);
        }
    }

    private HttpClient client() {
        return HttpClient.create(connections)
                .protocol(HttpProtocol.H2C)
                .http2Settings(http2 -> http2.initialWindowSize(WINDOW))
                .doOnChannelInit((observer, channel, remote) -> WindowFlush.on(channel.pipeline()))
                .host("127.0.0.1")
                .port(server.port());
    }

    private static DisposableServer server(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
        return WindowFlush.on(HttpServer.create())
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.H2C, HttpProtocol.HTTP11)
                .http2Settings(http2 -> http2.initialWindowSize(WINDOW))
                .handle(handler)
                .bindNow(DEADLINE);
    }

    private static Publisher<Void> download(HttpServerRequest request, HttpServerResponse response) {
        return response.sendByteArray(bytes());
    }

    private static Flux<byte[]> bytes() {
        return Flux.range(0, 20).map(i -> new byte[WINDOW]);
    }

    /** How many there were, for somebody who asks for one, waits, and asks for the others. */
    private static Mono<Long> counted(Flux<byte[]> body) {
        return Mono.defer(() -> {
            AtomicLong size = new AtomicLong();
            Sinks.One<Long> all = Sinks.one();
            body.subscribe(new BaseSubscriber<>() {
                @Override
                protected void hookOnSubscribe(Subscription subscription) {
                    request(1);
                    var later = Schedulers.parallel()
                            .schedule(() -> request(1_000), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
                    assertThat(later.isDisposed()).isFalse();
                }

                @Override
                protected void hookOnNext(byte[] bytes) {
                    size.addAndGet(bytes.length);
                }

                @Override
                protected void hookOnComplete() {
                    all.tryEmitValue(size.get()).orThrow();
                }

                @Override
                protected void hookOnError(Throwable error) {
                    all.tryEmitError(error).orThrow();
                }
            });
            return all.asMono();
        });
    }
}
