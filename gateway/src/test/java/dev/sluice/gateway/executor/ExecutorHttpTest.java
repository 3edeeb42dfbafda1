package dev.sluice.gateway.executor;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.test.StepVerifier;

/** The pool against a server that counts connections. */
@Timeout(60)
final class ExecutorHttpTest {

    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final int STREAMS = 300;

    /** The connections that requests came over. */
    private final Set<SocketAddress> peers = ConcurrentHashMap.newKeySet();

    private DisposableServer server;

    @BeforeEach
    void start() {
        server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.H2C, HttpProtocol.HTTP11)
                .http2Settings(http2 -> http2.maxConcurrentStreams(STREAMS))
                .handle(this::answer)
                .bindNow();
    }

    @AfterEach
    void stop() {
        server.disposeNow(Duration.ofSeconds(5));
    }

    @Test
    void carriesAsManyStreamsOnAConnectionAsItIsSetTo() {
        try (ExecutorHttp http = http(0, 1, Duration.ofMinutes(1))) {
            Flux.range(0, STREAMS)
                    .flatMap(i -> headers(http), STREAMS)
                    .take(STREAMS)
                    .as(StepVerifier::create)
                    .expectNextCount(STREAMS)
                    .expectComplete()
                    .verify(DEADLINE);
            assertThat(peers).hasSize(1);
        }
    }

    @Test
    void doesNotLetReadersThatStallHoldUpTheOthersOfTheirConnection() {
        try (ExecutorHttp http = http(0, 1, Duration.ofMinutes(1))) {
            List<Stalled> readers =
                    IntStream.range(0, 50).mapToObj(i -> stall(http)).toList();
            readers.forEach(Stalled::awaitBegin);
            for (int i = 0; i < 20; i++) {
                expectHello(http);
            }
            assertThat(peers).hasSize(1);
            readers.forEach(BaseSubscriber::dispose);
        }
    }

    @Test
    void usesSeveralConnectionsSoThatABalancerCanSpreadThem() {
        try (ExecutorHttp http = http(3, 16, Duration.ofMinutes(1))) {
            for (int i = 0; i < 9; i++) {
                expectHello(http);
            }
            assertThat(peers).hasSize(3);
        }
    }

    @Test
    void leavesAConnectionWhenItsTimeIsOverAndKeepsItsStreams() {
        try (ExecutorHttp http = http(1, 16, Duration.ofMillis(200))) {
            Stalled watcher = stall(http);
            watcher.awaitBegin();
            Mono.defer(() -> hello(http))
                    .repeat()
                    .takeUntil(hello -> peers.size() > 2)
                    .then()
                    .as(StepVerifier::create)
                    .expectComplete()
                    .verify(DEADLINE);
            assertThat(watcher.isDisposed()).isFalse();
            watcher.dispose();
        }
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        request.withConnection(
                connection -> peers.add(connection.channel().parent().remoteAddress()));
        return switch (request.uri()) {
            case "/hang" -> response.sse().sendHeaders().then().then(Mono.never());
            case "/flood" ->
                response.send(Flux.range(0, Integer.MAX_VALUE).map(part -> Unpooled.wrappedBuffer(new byte[16 * 1024])))
                        .then();
            default -> response.sendString(Mono.just("hello")).then();
        };
    }

    private ExecutorHttp http(int minConnections, int maxConnections, Duration maxLife) {
        return new ExecutorHttp(new ExecutorSettings(
                List.of(URI.create("http://127.0.0.1:" + server.port())),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2),
                Duration.ofSeconds(75),
                minConnections,
                maxConnections,
                STREAMS,
                1000,
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                maxLife));
    }

    private HttpClient client(ExecutorHttp http) {
        return http.to((InetSocketAddress) server.address());
    }

    /** Emits when the headers are there; the stream stays open until it is cancelled. */
    private Flux<Integer> headers(ExecutorHttp http) {
        return client(http)
                .get()
                .uri(uri("/hang"))
                .responseConnection((response, connection) ->
                        Flux.just(response.status().code()).concatWith(Flux.never()));
    }

    private void expectHello(ExecutorHttp http) {
        hello(http)
                .as(StepVerifier::create)
                .expectNext("hello")
                .expectComplete()
                .verify(DEADLINE);
    }

    private Mono<String> hello(ExecutorHttp http) {
        return client(http).get().uri(uri("/")).responseContent().aggregate().asString();
    }

    private Stalled stall(ExecutorHttp http) {
        Stalled reader = new Stalled();
        client(http).get().uri(uri("/flood")).responseContent().asByteArray().subscribe(reader);
        return reader;
    }

    private String uri(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    /** Reads the beginning of a response and no more. */
    private static final class Stalled extends BaseSubscriber<byte[]> {

        private final CountDownLatch began = new CountDownLatch(1);

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            subscription.request(1);
        }

        @Override
        protected void hookOnNext(byte[] part) {
            began.countDown();
        }

        void awaitBegin() {
            try {
                assertThat(began.await(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
