package dev.sluice.gateway.edge;

import dev.sluice.gateway.edge.EdgeSettings.ForwardedHeader;
import dev.sluice.gateway.http2.Http2Limits;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.Http2FrameCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A server within the edge's bounds that speaks HTTP/2 too, and says what it was asked. */
final class Http2Server implements AutoCloseable {

    /** Time for clients that are to be too slow. */
    static final Duration SHORT = Duration.ofMillis(500);

    /** Time for the others, also on a machine that has much to do. */
    static final Duration LONG = Duration.ofSeconds(20);

    final Queue<String> asked = new ConcurrentLinkedQueue<>();
    final Queue<List<String>> pipelines = new ConcurrentLinkedQueue<>();
    final Queue<Long> headerTables = new ConcurrentLinkedQueue<>();
    final CountDownLatch floodCancelled = new CountDownLatch(1);
    final CountDownLatch silenceCancelled = new CountDownLatch(1);
    final MeterRegistry meters = new SimpleMeterRegistry();
    private final DisposableServer server;

    /** Gives its clients as long for the headers and for reading, and half of that for the body. */
    Http2Server(Http2Limits limits, Duration time, Duration idle, HttpProtocol... protocols) {
        EdgeSettings settings = new EdgeSettings(
                100, time, time.dividedBy(2), time, List.of(), ForwardedHeader.X_FORWARDED_FOR, List.of(), limits);
        server = new EdgeLimits(settings, meters)
                .applyTo(HttpServer.create()
                        .host("127.0.0.1")
                        .port(0)
                        .idleTimeout(idle)
                        .protocol(protocols)
                        .httpRequestDecoder(decoder -> decoder.maxHeaderSize(16 * 1024)))
                .handle(this::answer)
                .bindNow();
    }

    static Http2Server with(Http2Limits limits, Duration time) {
        return new Http2Server(limits, time, Duration.ofMinutes(1), HttpProtocol.HTTP11, HttpProtocol.H2C);
    }

    int port() {
        return server.port();
    }

    /** How often something was cut off, or refused, for this. */
    double cut(String reason) {
        return meters.counter("sluice.http2.cut", "reason", reason).count();
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        asked.add(request.method() + " " + request.uri());
        request.withConnection(connection -> look(connection.channel()));
        return switch (request.uri()) {
            case "/silent" -> Mono.<Void>never().doOnCancel(silenceCancelled::countDown);
            case "/later" ->
                response.sendString(Mono.delay(Duration.ofMillis(1500)).map(tick -> "late"))
                        .then();
            case "/refuse" -> response.status(HttpResponseStatus.UNAUTHORIZED).send();
            case "/body" ->
                request.receive()
                        .aggregate()
                        .asString()
                        .defaultIfEmpty("")
                        .flatMap(body -> response.sendString(Mono.just("read " + body.length()))
                                .then());
            case "/stream" ->
                response.sse()
                        .sendString(
                                Flux.interval(Duration.ofMillis(100)).map(tick -> "data: " + tick + "\n\n"),
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

    private void look(Channel channel) {
        pipelines.add(channel.pipeline().names());
        Http2FrameCodec codec = channel.parent().pipeline().get(Http2FrameCodec.class);
        if (codec != null) {
            headerTables.add(
                    codec.encoder().configuration().headersConfiguration().maxHeaderTableSize());
        }
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
