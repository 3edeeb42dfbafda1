package dev.sluice.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.gateway.RawClient;
import dev.sluice.gateway.edge.EdgeSettings.ForwardedHeader;
import dev.sluice.gateway.http2.Http2Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

@Timeout(60)
final class EdgeLimitsTest {

    private static final String GET = "GET %s HTTP/1.1\r\nHost: x\r\n\r\n";

    private final CountDownLatch floodCancelled = new CountDownLatch(1);
    private DisposableServer server;

    @BeforeEach
    void start() {
        server = server(Duration.ofMillis(300));
    }

    @AfterEach
    void stop() {
        server.disposeNow(Duration.ofSeconds(5));
    }

    private DisposableServer server(Duration bodyTimeout) {
        EdgeSettings settings = new EdgeSettings(
                2,
                Duration.ofMillis(500),
                bodyTimeout,
                Duration.ofMillis(500),
                List.of(),
                ForwardedHeader.X_FORWARDED_FOR,
                List.of(),
                Http2Limits.DEFAULT);
        return new EdgeLimits(settings, new SimpleMeterRegistry())
                .applyTo(HttpServer.create().host("127.0.0.1").port(0))
                .handle(this::answer)
                .bindNow();
    }

    @Test
    void closesAConnectionAboveTheBoundUntilOneOfTheOthersHasGone() throws IOException {
        try (RawClient first = get("/");
                RawClient second = get("/")) {
            assertThat(first.readUntil("hello")).contains("200");
            assertThat(second.readUntil("hello")).contains("200");
            try (RawClient third = new RawClient(server.port())) {
                assertThat(third.readUntil("hello")).isEmpty();
            }
            assertThat(first.send(GET.formatted("/")).readUntil("hello")).contains("200");
        }
        assertThat(eventuallyGet()).contains("200");
    }

    @Test
    void closesAConnectionWhoseHeadersTrickle() throws IOException {
        try (RawClient slow = new RawClient(server.port())) {
            slow.send("GET / HTTP/1.1\r\nX: ");
            assertThat(slow.trickleUntilClosed('x')).isTrue();
        }
    }

    @Test
    void closesAConnectionWhoseNextHeadersTrickle() throws IOException {
        try (RawClient slow = get("/")) {
            assertThat(slow.readUntil("hello")).contains("200");
            assertThat(slow.trickleUntilClosed('x')).isTrue();
        }
    }

    @Test
    void closesAConnectionWhoseBodyTricklesOnAfterTheAnswer() throws IOException {
        try (RawClient slow = new RawClient(server.port())) {
            slow.send("POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
            assertThat(slow.readUntil("\r\n\r\n")).contains("401");
            assertThat(slow.trickleUntilClosed('x')).isTrue();
        }
    }

    /** Java's client gives the error of its writing, and not the answer, when the connection is reset under it. */
    @Test
    void letsAClientThatStillSendsItsBodySeeTheRefusal() throws Exception {
        byte[] body = new byte[16 * 1024 * 1024];
        DisposableServer patient = server(Duration.ofSeconds(20));
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int i = 0; i < 10; i++) {
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + patient.port() + "/refuse-and-close"))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
                assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(413);
            }
        } finally {
            patient.disposeNow(Duration.ofSeconds(5));
        }
    }

    @Test
    void closesAConnectionThatIsSentToAfterTheRefusal() throws IOException {
        try (RawClient endless = new RawClient(server.port())) {
            endless.send("POST /refuse-and-close HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n");
            assertThat(endless.readUntil("\r\n\r\n")).contains("413");
            assertThat(endless.sendUntilReset('x')).isTrue();
        }
    }

    @Test
    void leavesAConnectionAloneBetweenRequestsAndDuringAStream() throws IOException {
        try (RawClient client = get("/stream")) {
            assertThat(client.readUntil("last")).contains("data: 19");
            assertThat(client.readUntil("\r\n0\r\n\r\n")).isNotEmpty();
            assertThat(client.send(GET.formatted("/")).readUntil("hello")).contains("200");
            // Longer than any of the times above, with nothing on the wire.
            assertThat(Mono.delay(Duration.ofSeconds(2)).block(Duration.ofSeconds(30)))
                    .isZero();
            assertThat(client.send(GET.formatted("/")).readUntil("hello")).contains("200");
        }
    }

    @Test
    void closesAConnectionThatDoesNotReadItsResponse() throws Exception {
        try (RawClient stalled = get("/flood")) {
            assertThat(stalled.readUntil("\r\n\r\n")).contains("200");
            assertThat(floodCancelled.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        return switch (request.uri()) {
            case "/refuse" -> response.status(HttpResponseStatus.UNAUTHORIZED).send();
            case "/refuse-and-close" ->
                response.status(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)
                        .header("Connection", "close")
                        .send();
            case "/stream" ->
                response.sse()
                        .sendString(
                                Flux.interval(Duration.ofMillis(100))
                                        .take(20)
                                        .map(tick -> "data: " + tick + "\n\n")
                                        .concatWithValues("last"),
                                StandardCharsets.UTF_8)
                        .then();
            case "/flood" ->
                response.send(Flux.range(0, Integer.MAX_VALUE)
                                .map(part -> Unpooled.wrappedBuffer(new byte[64 * 1024]))
                                .doOnCancel(floodCancelled::countDown))
                        .then();
            default ->
                response.header("Content-Length", "5")
                        .sendString(Mono.just("hello"))
                        .then();
        };
    }

    private RawClient get(String path) throws IOException {
        return new RawClient(server.port()).send(GET.formatted(path));
    }

    /** The server learns of a closed connection a little later. */
    private String eventuallyGet() throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        String answer = "";
        while (answer.isEmpty() && System.nanoTime() < end) {
            try (RawClient client = new RawClient(server.port())) {
                answer = client.send(GET.formatted("/")).readUntil("hello");
            } catch (IOException e) {
                answer = "";
            }
        }
        return answer;
    }
}
