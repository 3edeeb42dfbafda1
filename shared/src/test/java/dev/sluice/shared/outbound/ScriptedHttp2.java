package dev.sluice.shared.outbound;

import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A server of HTTP/2 that refuses as often as it is told, and counts. */
final class ScriptedHttp2 implements AutoCloseable {

    /** How it refuses. */
    enum Refusal {
        RESET,
        GOAWAY
    }

    final Queue<String> asked = new ConcurrentLinkedQueue<>();
    final Set<SocketAddress> peers = ConcurrentHashMap.newKeySet();
    final AtomicInteger mostAtOnce = new AtomicInteger();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final Sinks.Empty<Void> gate = Sinks.empty();
    private final AtomicInteger refusals = new AtomicInteger();
    private final DisposableServer server;
    private final String scheme;
    private volatile Refusal refusal = Refusal.RESET;

    ScriptedHttp2(HttpServer speaking, String scheme) {
        this.scheme = scheme;
        this.server = speaking.host("127.0.0.1").port(0).handle(this::answer).bindNow(Duration.ofSeconds(10));
    }

    void refuse(int times, Refusal how) {
        refusal = how;
        refusals.set(times);
    }

    URI uri(String path) {
        return URI.create(scheme + "://127.0.0.1:" + server.port() + path);
    }

    private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
        asked.add(request.method() + " " + request.uri() + " " + request.version());
        request.withConnection(connection -> {
            if (connection.channel() instanceof Http2StreamChannel stream) {
                peers.add(stream.parent().remoteAddress());
                refuse(stream);
            }
        });
        return switch (request.uri()) {
            case "/gate" -> gate(response);
            case "/flood" ->
                response.sendByteArray(Flux.range(0, Integer.MAX_VALUE).map(part -> new byte[16 * 1024]))
                        .then();
            default ->
                request.receive()
                        .aggregate()
                        .asString()
                        .defaultIfEmpty("")
                        .flatMap(body ->
                                response.sendString(Mono.just("got " + body)).then());
        };
    }

    /** Opens when a thousand stand before it. */
    private Mono<Void> gate(HttpServerResponse response) {
        int now = atOnce.incrementAndGet();
        mostAtOnce.accumulateAndGet(now, Math::max);
        if (now == 1000) {
            // Open once, it stays so.
            Sinks.EmitResult ignored = gate.tryEmitEmpty();
        }
        return gate.asMono()
                .doFinally(signal -> atOnce.decrementAndGet())
                .then(response.sendString(Mono.just("through")).then());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the test sees what comes of it
    private void refuse(Http2StreamChannel stream) {
        if (refusals.getAndUpdate(left -> Math.max(left - 1, 0)) == 0) {
            return;
        }
        if (refusal == Refusal.RESET) {
            stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
        } else {
            // As if nothing had been read of this one yet; the codec itself would not say so.
            stream.parent()
                    .writeAndFlush(io.netty.buffer.Unpooled.wrappedBuffer(
                            new byte[] {0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}));
        }
    }

    @Override
    public void close() {
        server.disposeNow(Duration.ofSeconds(5));
    }
}
