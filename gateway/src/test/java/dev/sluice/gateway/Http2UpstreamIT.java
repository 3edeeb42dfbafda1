package dev.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import dev.sluice.gateway.RunningGateway.Answer;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/** Published routes to an upstream that speaks HTTP/2 without TLS, where they say so. */
@Timeout(120)
final class Http2UpstreamIT {

    private static final Queue<String> ASKED = new ConcurrentLinkedQueue<>();
    private static final AtomicInteger REFUSALS = new AtomicInteger();

    private static LoopResources loops;
    private static DisposableServer upstream;
    private static RunningGateway gateway;
    private static String owner;
    private static String api;
    private static volatile CountDownLatch streamEnded = new CountDownLatch(1);

    @BeforeAll
    static void start() {
        loops = LoopResources.create("http2-upstream", 2, true);
        upstream = HttpServer.create()
                .runOn(loops)
                .host("127.0.0.1")
                .port(0)
                .protocol(HttpProtocol.HTTP11, HttpProtocol.H2C)
                .handle(Http2UpstreamIT::answer)
                .bindNow();
        gateway = RunningGateway.start("sluice.routing.outbound-allow=127.0.0.1/32");
        owner = gateway.newOrganization("http2");
        api = "/api/"
                + gateway.getAs(owner, "/v1/organizations")
                        .json()
                        .at("/items/0/id")
                        .stringValue();
    }

    @AfterAll
    static void stop() {
        gateway.close();
        upstream.disposeNow(Duration.ofSeconds(5));
        loops.dispose();
    }

    @BeforeEach
    void forget() {
        ASKED.clear();
        REFUSALS.set(0);
        streamEnded = new CountDownLatch(1);
    }

    @Test
    void isSpokenToAsItsRouteSaysInEachVersion() {
        put("versions", "");
        assertThat(call("versions").text()).isEqualTo("GET HTTP/1.1 ");
        Answer second = put("versions", ",\"protocol\":\"h2c\"");
        assertThat(second.json().path("protocol").stringValue()).isEqualTo("h2c");
        assertThat(call("versions").text()).isEqualTo("GET HTTP/2.0 ");
        assertThat(gateway.postAs(owner, "/v1/routes/versions/versions/1:activate", "")
                        .status())
                .isEqualTo(200);
        assertThat(gateway.getAs(owner, "/v1/routes/versions")
                        .json()
                        .path("protocol")
                        .stringValue())
                .isEqualTo("auto");
        assertThat(call("versions").text()).isEqualTo("GET HTTP/1.1 ");
        put("versions", ",\"protocol\":\"http1\"");
        assertThat(call("versions").text()).isEqualTo("GET HTTP/1.1 ");
    }

    @Test
    void isNotAskedForWhatThereIsNot() {
        Answer secure =
                send("secure", "{\"path\":\"/secure\",\"upstream\":\"https://localhost:1\",\"protocol\":\"h2c\"}");
        assertThat(secure.status()).isEqualTo(400);
        assertThat(secure.text()).contains("/protocol", "without TLS");
        Answer unknown =
                send("unknown", "{\"path\":\"/unknown\",\"upstream\":\"http://localhost:1\",\"protocol\":\"h3\"}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text()).contains("/protocol", "h2c");
    }

    @Test
    void getsBodiesThatAreLargerThanAWindow() {
        put("large", ",\"protocol\":\"h2c\"");
        Answer answer = gateway.postAs(owner, api + "/large", "x".repeat(1_000_000));
        assertThat(answer.text()).hasSize("POST HTTP/2.0 ".length() + 1_000_000);
    }

    /** RFC 9113, section 8.7: whatever it is, as long as the gateway still has all of it. */
    @Test
    void isAskedAgainForWhatItDidNotProcess() {
        put("refusing", ",\"retries\":0,\"protocol\":\"h2c\"");
        REFUSALS.set(2);
        assertThat(gateway.send(
                                gateway.request(api + "/refusing").POST(BodyPublishers.noBody()),
                                "Authorization",
                                "Bearer " + owner)
                        .text())
                .isEqualTo("POST HTTP/2.0 ");
        assertThat(ASKED).hasSize(3);

        REFUSALS.set(1);
        Answer gone = gateway.postAs(owner, api + "/refusing", "a body");
        assertThat(gone.status()).isEqualTo(503);
        assertThat(gone.header("retry-after")).isNotEmpty();
        assertThat(gateway.postAs(owner, api + "/refusing", "a body").status()).isEqualTo(200);

        REFUSALS.set(100);
        assertThat(call("refusing").status()).isEqualTo(503);
        assertThat(ASKED).hasSize(3 + 2 + 3);
    }

    @Test
    void isCancelledWithTheClient() throws Exception {
        put("events", ",\"protocol\":\"h2c\"");
        var request = gateway.request(api + "/events")
                .header("Authorization", "Bearer " + owner)
                .build();
        var answer = gateway.client()
                .sendAsync(request, BodyHandlers.ofInputStream())
                .get(20, TimeUnit.SECONDS);
        try (InputStream body = answer.body()) {
            assertThat(new String(body.readNBytes(9), StandardCharsets.UTF_8)).isEqualTo("data: 1\n\n");
        }
        assertThat(streamEnded.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        ASKED.add(request.method().name());
        if (REFUSALS.getAndUpdate(left -> Math.max(left - 1, 0)) > 0) {
            request.withConnection(Http2UpstreamIT::refuse);
        }
        if (request.uri().equals("/events")) {
            return response.sse()
                    .sendString(
                            Flux.just("data: 1\n\n").concatWith(Flux.never()).doFinally(end -> streamEnded.countDown()))
                    .then();
        }
        return request.receive()
                .aggregate()
                .asString()
                .defaultIfEmpty("")
                .flatMap(body -> response.sendString(Mono.just(request.method() + " " + request.version() + " " + body))
                        .then());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the test sees what comes of it
    private static void refuse(Connection connection) {
        if (connection.channel() instanceof Http2StreamChannel stream) {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
        }
    }

    private static Answer call(String name) {
        return gateway.getAs(owner, api + "/" + name);
    }

    @CanIgnoreReturnValue
    private static Answer put(String name, String more) {
        String upstreamUrl = "http://127.0.0.1:" + upstream.port() + "/" + name;
        Answer made = send(name, "{\"path\":\"/" + name + "\",\"upstream\":\"" + upstreamUrl + "\"" + more + "}");
        assertThat(made.status()).as(made.text()).isEqualTo(200);
        return made;
    }

    private static Answer send(String name, String route) {
        return gateway.send(
                gateway.request("/v1/routes/" + name).PUT(BodyPublishers.ofString(route)),
                "Authorization",
                "Bearer " + owner,
                "Content-Type",
                "application/json");
    }
}
