package dev.sluice.shared.outbound;

import static dev.sluice.shared.outbound.OutboundException.Kind.CAPACITY;
import static dev.sluice.shared.outbound.OutboundException.Kind.CONNECT;
import static dev.sluice.shared.outbound.OutboundException.Kind.MALFORMED;
import static dev.sluice.shared.outbound.OutboundException.Kind.RESET;
import static dev.sluice.shared.outbound.OutboundException.Kind.TIMEOUT;
import static dev.sluice.shared.outbound.OutboundException.Kind.TOO_LARGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.shared.embedded.LocalPort;
import dev.sluice.shared.outbound.OutboundException.Kind;
import dev.sluice.shared.web.KeepReading;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.test.StepVerifier;
import reactor.util.retry.Retry;

/** Against peers that misbehave on a plain socket. */
final class OutboundClientTest {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    /** Longer than a machine that has much to do takes to connect and to send a request, which is to be sent before it is over. */
    private static final Duration SHORT = Duration.ofSeconds(2);

    private static final int MAX = 64 * 1024;
    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final OutboundAccess LOCAL = OutboundAccess.by(AddressPolicy.of(List.of("127.0.0.1")));

    private final OutboundClient client = new OutboundClient(OutboundSettings.DEFAULT, LOCAL);

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void returnsStatusHeadersAndBodyAndReusesTheConnection() throws Exception {
        try (var server = ScriptedServer.answering(OK + "Content-Length: 5\r\nX-Two: a\r\nX-Two: b\r\n\r\nhello")) {
            for (int i = 0; i < 3; i++) {
                StepVerifier.create(client.exchange(get(server.uri(), DEADLINE)))
                        .assertNext(OutboundClientTest::isHello)
                        .expectComplete()
                        .verify(DEADLINE);
            }
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void sendsMethodHeadersAndBody() {
        DisposableServer server = KeepReading.on(HttpServer.create())
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> response.sendString(echo(request)))
                .bindNow(DEADLINE);
        URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
        byte[] body = "body".getBytes(StandardCharsets.UTF_8);
        var request = new OutboundRequest("post", uri, Map.of("X-A", "1"), body, DEADLINE, MAX);
        StepVerifier.create(client.exchange(request))
                .assertNext(response -> assertThat(text(response)).isEqualTo("POST 1 4 body"))
                .expectComplete()
                .verify(DEADLINE);
        server.disposeNow(DEADLINE);
    }

    @Test
    void readsAHeadResponseThatAnnouncesALongBody() throws Exception {
        try (var server = ScriptedServer.answering(OK + "Content-Length: 999999999\r\n\r\n")) {
            var request = new OutboundRequest("HEAD", server.uri(), Map.of(), null, DEADLINE, 10);
            StepVerifier.create(client.exchange(request))
                    .assertNext(response -> assertThat(response.body()).isEmpty())
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void timesOutAndClosesWhenTheUpstreamHangsBeforeHeaders() throws Exception {
        failsAndCloses(ScriptedServer.answering(""), SHORT, TIMEOUT);
    }

    @Test
    void timesOutAndClosesWhenTheUpstreamHangsInsideTheHeaders() throws Exception {
        failsAndCloses(ScriptedServer.answering(OK + "X-Half: "), SHORT, TIMEOUT);
    }

    @Test
    void timesOutAndClosesWhenTheUpstreamHangsInsideTheBody() throws Exception {
        failsAndCloses(ScriptedServer.answering(OK + "Content-Length: 100\r\n\r\nhalf"), SHORT, TIMEOUT);
    }

    @Test
    void timesOutWhenTheBodyDrips() throws Exception {
        var server = ScriptedServer.playing((socket, out) -> {
            out.write(ascii(OK + "Content-Length: 50000\r\n\r\n"));
            for (int i = 0; i < 1000; i++) {
                out.write('.');
                LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            }
        });
        failsAndCloses(server, SHORT, TIMEOUT);
    }

    @Test
    void reportsALostConnectionBeforeHeadersAndDoesNotRepeatTheRequest() throws Exception {
        try (var server = ScriptedServer.playing((socket, out) -> socket.close())) {
            fails(client, get(server.uri(), DEADLINE), RESET, true);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void reportsAResetInsideTheBody() throws Exception {
        var server = ScriptedServer.playing((socket, out) -> {
            out.write(ascii(OK + "Content-Length: 100\r\n\r\nhalf"));
            socket.setSoLinger(true, 0);
            socket.close();
        });
        failsAndCloses(server, DEADLINE, RESET);
    }

    @Test
    void reportsATruncatedChunkedBody() throws Exception {
        var server = ScriptedServer.playing((socket, out) -> {
            out.write(ascii(OK + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"));
            socket.close();
        });
        failsAndCloses(server, DEADLINE, RESET);
    }

    @Test
    void reportsGarbageInsteadOfHttp() throws Exception {
        failsAndCloses(ScriptedServer.answering("\u0001\u0002 SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n"), DEADLINE, MALFORMED);
    }

    @Test
    void reportsGarbageInsteadOfAChunkSize() throws Exception {
        var server = ScriptedServer.answering(OK + "Transfer-Encoding: chunked\r\n\r\nzzz\r\nhello\r\n");
        failsAndCloses(server, DEADLINE, MALFORMED);
    }

    @Test
    void refusesHugeHeaders() throws Exception {
        failsAndCloses(ScriptedServer.answering(OK + "X: " + "a".repeat(100_000) + "\r\n\r\n"), DEADLINE, TOO_LARGE);
    }

    @Test
    void refusesAnAnnouncedLongBodyWithoutReadingIt() throws Exception {
        failsAndCloses(ScriptedServer.answering(OK + "Content-Length: 99999999999\r\n\r\n"), DEADLINE, TOO_LARGE);
    }

    @Test
    void stopsReadingAnEndlessChunkedBody() throws Exception {
        byte[] chunk = ascii("2000\r\n" + "x".repeat(0x2000) + "\r\n");
        failsAndCloses(endless(OK + "Transfer-Encoding: chunked\r\n\r\n", chunk), DEADLINE, TOO_LARGE);
    }

    @Test
    void stopsReadingAnEndlessBodyWithoutFraming() throws Exception {
        failsAndCloses(endless(OK + "Connection: close\r\n\r\n", new byte[8192]), DEADLINE, TOO_LARGE);
    }

    @Test
    void acceptsABodyOfExactlyTheBound() throws Exception {
        try (var server =
                ScriptedServer.answering(OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")) {
            var request = new OutboundRequest("GET", server.uri(), Map.of(), null, DEADLINE, 5);
            StepVerifier.create(client.exchange(request))
                    .assertNext(response -> assertThat(text(response)).isEqualTo("hello"))
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    /** Whoever asked may have been paused between the decision to call and the connection. */
    @Test
    void sendsNothingThatMayNotBeSentAnyMore() {
        AtomicInteger seen = new AtomicInteger();
        DisposableServer server = HttpServer.create()
                .host("127.0.0.1")
                .port(0)
                .handle((request, response) -> {
                    seen.incrementAndGet();
                    return response.send();
                })
                .bindNow(DEADLINE);
        URI uri = URI.create("http://127.0.0.1:" + server.port());
        var request = new OutboundRequest("post", uri, Map.of(), new byte[10], DEADLINE, MAX);

        StepVerifier.create(client.exchange(request, () -> false))
                .expectErrorSatisfies(error -> assertThat(error)
                        .isInstanceOfSatisfying(OutboundException.class, withdrawn -> {
                            assertThat(withdrawn.kind()).isEqualTo(OutboundException.Kind.WITHDRAWN);
                            assertThat(withdrawn.sent()).isFalse();
                        }))
                .verify(DEADLINE);
        StepVerifier.create(client.exchange(request))
                .expectNextCount(1)
                .expectComplete()
                .verify(DEADLINE);
        assertThat(seen).hasValue(1);
        server.disposeNow(DEADLINE);
    }

    @Test
    void doesNotFollowARedirect() throws Exception {
        try (var target = ScriptedServer.answering(OK + "Content-Length: 0\r\n\r\n");
                var server = ScriptedServer.answering(
                        "HTTP/1.1 302 Found\r\nLocation: " + target.uri() + "\r\nContent-Length: 0\r\n\r\n")) {
            StepVerifier.create(client.exchange(get(server.uri(), DEADLINE)))
                    .assertNext(response -> assertThat(response.status()).isEqualTo(302))
                    .expectComplete()
                    .verify(DEADLINE);
            assertThat(target.connections()).isZero();
        }
    }

    @Test
    void doesNotDecompress() throws Exception {
        try (var server = ScriptedServer.answering(OK + "Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nraw")) {
            StepVerifier.create(client.exchange(get(server.uri(), DEADLINE)))
                    .assertNext(response -> assertThat(text(response)).isEqualTo("raw"))
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    @Test
    void closesTheConnectionWhenCancelledBeforeHeaders() throws Exception {
        cancelsAndCloses(ScriptedServer.answering(""));
    }

    @Test
    void closesTheConnectionWhenCancelledInsideTheBody() throws Exception {
        cancelsAndCloses(ScriptedServer.answering(OK + "Content-Length: 100\r\n\r\nhalf"));
    }

    /** Cancellation against the arrival of the head, at every distance around it: no connection may stay behind. */
    @Test
    void leavesNoConnectionBehindWheneverItIsCancelled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (var server = ScriptedServer.answering(OK + "Content-Length: 100\r\n\r\nhalf")) {
            for (int i = 0; i < 1000; i++) {
                var subscription = client.exchange(get(server.uri(), DEADLINE)).subscribe();
                LockSupport.parkNanos(random.nextLong(1_500_000));
                subscription.dispose();
            }
            assertThat(server.clientsGone()).as("seed %d", seed).isTrue();
        }
    }

    @Test
    void saysThatNothingWasSentWhenNobodyListens() throws Exception {
        fails(client, get(URI.create("http://127.0.0.1:" + LocalPort.free()), DEADLINE), CONNECT, false);
    }

    @Test
    void saysThatNothingWasSentWhenTheTlsHandshakeFails() throws Exception {
        DisposableServer server =
                KeepReading.on(HttpServer.create()).host("127.0.0.1").port(0).bindNow(DEADLINE);
        fails(client, get(URI.create("https://127.0.0.1:" + server.port()), DEADLINE), CONNECT, false);
        server.disposeNow(DEADLINE);
    }

    @Test
    void failsAtOnceWhenTooManyExchangesAreUnderWay() throws Exception {
        try (var server = ScriptedServer.answering("");
                var bounded = bounded(1, 10, 10)) {
            var first = bounded.exchange(get(server.uri(), DEADLINE)).subscribe();
            assertThat(server.requestArrived()).isTrue();
            fails(bounded, get(server.uri(), DEADLINE), CAPACITY, false);
            first.dispose();
            fails(bounded, get(server.uri(), SHORT), TIMEOUT, true);
        }
    }

    @Test
    void failsAtOnceWhenThePoolsQueueIsFullAndFreesItsPlacesOnCancellation() throws Exception {
        try (var server = ScriptedServer.answering("");
                var bounded = bounded(10, 1, 1)) {
            var first = bounded.exchange(get(server.uri(), DEADLINE)).subscribe();
            assertThat(server.requestArrived()).isTrue();
            var waiting = bounded.exchange(get(server.uri(), DEADLINE)).subscribe();
            fails(bounded, get(server.uri(), DEADLINE), CAPACITY, false);
            waiting.dispose();
            first.dispose();
            assertThat(server.clientGone()).isTrue();
            // The peer may see the end of the connection a moment before the pool does.
            StepVerifier.create(bounded.exchange(get(server.uri(), SHORT))
                            .retryWhen(Retry.fixedDelay(200, Duration.ofMillis(10))
                                    .filter(error -> ((OutboundException) error).kind() == CAPACITY)))
                    .expectErrorSatisfies(error -> is(error, TIMEOUT, true))
                    .verify(DEADLINE);
        }
    }

    @Test
    void hasSentNothingWhileWaitingForAConnection() throws Exception {
        try (var server = ScriptedServer.answering("");
                var bounded = bounded(10, 1, 1)) {
            var first = bounded.exchange(get(server.uri(), DEADLINE)).subscribe();
            assertThat(server.requestArrived()).isTrue();
            fails(bounded, get(server.uri(), SHORT), TIMEOUT, false);
            first.dispose();
        }
    }

    @RepeatedTest(20)
    void losesNoConnectionInAMixOfCancellationsAndResponses() throws Exception {
        try (var server = ScriptedServer.answering(OK + "Content-Length: 5\r\n\r\nhello");
                var bounded = bounded(200, 4, 200)) {
            StepVerifier.create(Flux.range(0, 400)
                            .flatMap(i -> attempt(bounded, server.uri(), i), 100)
                            .then())
                    .expectComplete()
                    .verify(DEADLINE);
            StepVerifier.create(Flux.range(0, 20).flatMap(i -> bounded.exchange(get(server.uri(), DEADLINE)), 20))
                    .expectNextCount(20)
                    .expectComplete()
                    .verify(DEADLINE);
        }
    }

    private static Mono<OutboundResponse> attempt(OutboundClient client, URI uri, int i) {
        Mono<OutboundResponse> exchange = client.exchange(get(uri, DEADLINE));
        return i % 3 == 0 ? exchange.takeUntilOther(Mono.delay(Duration.ofMillis(i % 7))) : exchange;
    }

    private static ScriptedServer endless(String head, byte[] block) throws IOException {
        return ScriptedServer.playing((socket, out) -> {
            out.write(ascii(head));
            while (true) {
                out.write(block);
            }
        });
    }

    private static OutboundClient bounded(int exchanges, int connections, int pending) {
        return new OutboundClient(new OutboundSettings(exchanges, connections, pending, DEADLINE, DEADLINE), LOCAL);
    }

    private void failsAndCloses(ScriptedServer server, Duration timeout, Kind kind) throws Exception {
        try (server) {
            fails(client, get(server.uri(), timeout), kind, true);
            assertThat(server.clientGone()).isTrue();
        }
    }

    private void cancelsAndCloses(ScriptedServer server) throws Exception {
        try (server) {
            var subscription = client.exchange(get(server.uri(), DEADLINE)).subscribe();
            assertThat(server.requestArrived()).isTrue();
            subscription.dispose();
            assertThat(server.clientGone()).isTrue();
        }
    }

    private static void fails(OutboundClient client, OutboundRequest request, Kind kind, boolean sent) {
        StepVerifier.create(client.exchange(request))
                .expectErrorSatisfies(error -> is(error, kind, sent))
                .verify(DEADLINE);
    }

    private static void is(Throwable error, Kind kind, boolean sent) {
        assertThat(error).isInstanceOfSatisfying(OutboundException.class, outbound -> {
            assertThat(outbound.kind()).as("%s", outbound.getCause()).isEqualTo(kind);
            assertThat(outbound.sent()).isEqualTo(sent);
        });
    }

    private static void isHello(OutboundResponse response) {
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.headers()).containsEntry("x-two", List.of("a", "b"));
        assertThat(text(response)).isEqualTo("hello");
    }

    private static Mono<String> echo(HttpServerRequest request) {
        String head = request.method().name()
                + ' '
                + request.requestHeaders().get("x-a")
                + ' '
                + request.requestHeaders().get("content-length")
                + ' ';
        return request.receive().aggregate().asString().map(head::concat);
    }

    private static String text(OutboundResponse response) {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static OutboundRequest get(URI uri, Duration timeout) {
        return new OutboundRequest("GET", uri, Map.of(), null, timeout, MAX);
    }
}
