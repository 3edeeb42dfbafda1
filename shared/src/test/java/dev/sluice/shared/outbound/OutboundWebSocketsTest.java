package dev.sluice.shared.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.outbound.OutboundException.Kind;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;
import reactor.netty.tcp.TcpServer;
import reactor.test.StepVerifier;

/** Against servers that do as they should, and such that do not. */
final class OutboundWebSocketsTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int LARGEST = 1_000;

    private static final OutboundAccess LOCAL = OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1/32")));

    private final OutboundWebSockets sockets = new OutboundWebSockets(OutboundSettings.DEFAULT, LOCAL);
    private final Sinks.One<WebSocketCloseStatus> closed = Sinks.one();

    @AfterEach
    void close() {
        sockets.close();
    }

    @Test
    void handsOutMessagesUntilTheOtherSideCloses() {
        DisposableServer server = server((in, out) -> out.sendString(Flux.just("one", "two")));

        StepVerifier.create(received(server))
                .expectNext("one", "two")
                .expectComplete()
                .verify(DEADLINE);
        server.disposeNow(DEADLINE);
    }

    @Test
    void closesPolitelyWhenNobodyWantsMore() {
        DisposableServer server = server((in, out) -> Flux.merge(
                out.sendString(Flux.just("one").concatWith(Flux.never())).then(), watch(in)));

        StepVerifier.create(received(server).take(1))
                .expectNext("one")
                .expectComplete()
                .verify(DEADLINE);
        assertThat(closed.asMono().block(DEADLINE)).isNotNull();
        server.disposeNow(DEADLINE);
    }

    @Test
    void readsNoFasterThanItIsAsked() {
        AtomicInteger produced = new AtomicInteger();
        String large = "x".repeat(LARGEST);
        DisposableServer server = server((in, out) ->
                out.sendString(Flux.range(0, 100_000).map(n -> large).doOnNext(next -> produced.incrementAndGet())));

        StepVerifier.create(received(server), 3)
                .expectNextCount(3)
                .thenAwait(Duration.ofMillis(300))
                .then(() -> assertThat(produced).hasValueLessThan(90_000))
                .thenCancel()
                .verify(DEADLINE);
        server.disposeNow(DEADLINE);
    }

    @Test
    void noticesThatNobodyIsThereAnyMore() {
        // Answers the handshake and then nothing, no ping either.
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                        "/up",
                        (in, out) -> out.neverComplete(),
                        WebsocketServerSpec.builder().handlePing(true).build()))
                .bindNow(DEADLINE);

        try (var pinging = pinging(Duration.ofMillis(100))) {
            StepVerifier.create(received(pinging, server)).verifyErrorSatisfies(error -> isOf(error, Kind.TIMEOUT));
        }
        server.disposeNow(DEADLINE);
    }

    /** Of which it hears nothing else for longer than one that answers none is given. */
    @Test
    void staysWithAServerThatAnswersPings() {
        DisposableServer server = server((in, out) -> Flux.merge(
                in.receive().then(),
                out.sendString(Mono.delay(Duration.ofSeconds(4)).map(tick -> "late"))
                        .then()));

        try (var pinging = pinging(Duration.ofSeconds(1))) {
            StepVerifier.create(received(pinging, server).take(1))
                    .expectNext("late")
                    .expectComplete()
                    .verify(DEADLINE);
        }
        server.disposeNow(DEADLINE);
    }

    @Test
    void takesNoMessageThatIsTooLarge() {
        DisposableServer server = server((in, out) -> out.sendString(Mono.just("x".repeat(LARGEST + 1))));

        StepVerifier.create(received(server)).verifyErrorSatisfies(error -> isOf(error, Kind.TOO_LARGE));
        server.disposeNow(DEADLINE);
    }

    @Test
    void saysWhatAServerAnsweredThatOpensNone() {
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.status(403).send())
                .bindNow(DEADLINE);

        StepVerifier.create(received(server))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                HandshakeException.class,
                                refused -> assertThat(refused.head().status()).isEqualTo(403)));
        server.disposeNow(DEADLINE);
    }

    @Test
    void givesUpAServerThatDoesNotAnswerTheHandshake() {
        DisposableServer server = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((in, out) -> in.receive().then(Mono.never()))
                .bindNow(DEADLINE);

        StepVerifier.create(sockets.receive(request(server, Duration.ofMillis(300)), "", () -> true))
                .verifyErrorSatisfies(error -> isOf(error, Kind.TIMEOUT));
        server.disposeNow(DEADLINE);
    }

    @Test
    void takesNoAnswerThatIsNoHttp() {
        DisposableServer server = TcpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((in, out) ->
                        out.sendString(Mono.just("hello there\r\n\r\n")).then(Mono.never()))
                .bindNow(DEADLINE);

        StepVerifier.create(received(server))
                .verifyErrorSatisfies(error -> assertThat(error).isInstanceOf(OutboundException.class));
        server.disposeNow(DEADLINE);
    }

    @Test
    void opensNoneWhenItMayNot() {
        DisposableServer server = server((in, out) -> out.sendString(Flux.just("one")));

        StepVerifier.create(sockets.receive(request(server, DEADLINE), "", () -> false))
                .verifyErrorSatisfies(error -> isOf(error, Kind.WITHDRAWN));
        server.disposeNow(DEADLINE);
    }

    @Test
    void reachesNoAddressThatThePolicyRefuses() {
        URI elsewhere = URI.create("http://127.0.0.2:1/up");

        StepVerifier.create(sockets.receive(request(elsewhere, DEADLINE), "", () -> true))
                .verifyErrorSatisfies(error -> isOf(error, Kind.REFUSED_ADDRESS));
    }

    @Test
    void sendsAMessageAndKnowsThatItWasRead() {
        var got = new ConcurrentLinkedQueue<String>();
        DisposableServer server = server((in, out) -> Flux.merge(
                in.receive().asString().doOnNext(got::add).then(),
                watch(in),
                out.sendString(Mono.just("noise")).then()));

        StepVerifier.create(sockets.send(request(server, DEADLINE), "", "hello".getBytes(UTF_8), () -> true))
                .expectComplete()
                .verify(DEADLINE);
        assertThat(got).containsExactly("hello");
        server.disposeNow(DEADLINE);
    }

    @Test
    void doesNotKnowWhetherAMessageWasReadWhenTheConnectionIsLost() {
        DisposableServer server = server((in, out) -> in.receive()
                .take(1)
                .doOnNext(next -> in.withConnection(
                        connection -> connection.channel().unsafe().closeForcibly()))
                .then());

        StepVerifier.create(sockets.send(request(server, Duration.ofSeconds(2)), "", "x".getBytes(UTF_8), () -> true))
                .verifyErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(
                                OutboundException.class,
                                lost -> assertThat(lost.sent()).isTrue()));
        server.disposeNow(DEADLINE);
    }

    @Test
    void asksForASubprotocolAndSaysWhoItIs() {
        var heads = new ConcurrentLinkedQueue<String>();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws(
                        "/up",
                        (in, out) -> {
                            heads.add(in.headers().get(HttpHeaderNames.AUTHORIZATION) + " " + in.selectedSubprotocol());
                            return out.sendString(Mono.just("hi"));
                        },
                        WebsocketServerSpec.builder().protocols("news").build()))
                .bindNow(DEADLINE);

        OutboundRequest request = request(server, DEADLINE).withHeader("Authorization", "Bearer t");
        StepVerifier.create(sockets.receive(request, "news", () -> true))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(heads).containsExactly("Bearer t news");
        server.disposeNow(DEADLINE);
    }

    private static OutboundWebSockets pinging(Duration ping) {
        return new OutboundWebSockets(OutboundSettings.DEFAULT, LOCAL, ping);
    }

    private Flux<String> received(DisposableServer server) {
        return received(sockets, server);
    }

    private static Flux<String> received(OutboundWebSockets sockets, DisposableServer server) {
        return sockets.receive(request(server, DEADLINE), "", () -> true).map(bytes -> new String(bytes, UTF_8));
    }

    private Mono<Void> watch(WebsocketInbound in) {
        return in.receiveCloseStatus()
                .doOnNext(status -> closed.emitValue(status, Sinks.EmitFailureHandler.FAIL_FAST))
                .then();
    }

    private static OutboundRequest request(DisposableServer server, Duration timeout) {
        return request(URI.create("http://127.0.0.1:" + server.port() + "/up"), timeout);
    }

    private static OutboundRequest request(URI uri, Duration timeout) {
        return new OutboundRequest("GET", uri, Map.of(), null, timeout, LARGEST);
    }

    private static DisposableServer server(BiFunction<WebsocketInbound, WebsocketOutbound, Publisher<Void>> handler) {
        return HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .route(routes -> routes.ws("/up", handler))
                .bindNow(DEADLINE);
    }

    private static void isOf(Throwable error, Kind kind) {
        assertThat(error)
                .isInstanceOfSatisfying(
                        OutboundException.class,
                        outbound -> assertThat(outbound.kind()).isEqualTo(kind));
    }
}
