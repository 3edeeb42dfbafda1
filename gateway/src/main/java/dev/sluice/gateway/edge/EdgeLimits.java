package dev.sluice.gateway.edge;

import dev.sluice.gateway.http2.ClientTimes;
import dev.sluice.gateway.http2.Http2Door;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerConfig;

/**
 * Bounds on the connections of one server: how many there are, and how long each may be slow. Thread-safe. The idle time
 * between requests of HTTP/1.1 is Reactor Netty's own. All connections begin as those of HTTP/1.1; where the server was to speak
 * HTTP/2 too, {@link Http2Door} turns those that do to it.
 */
public final class EdgeLimits {

    private static final String FIRST = "sluice.bytes";

    /** Where the server has none. */
    private static final Duration IDLE = Duration.ofSeconds(75);

    private final AtomicInteger connections = new AtomicInteger();
    private final EdgeSettings settings;
    private final MeterRegistry meters;

    /** Bounds of one server. */
    public EdgeLimits(EdgeSettings settings, MeterRegistry meters) {
        this.settings = settings;
        this.meters = meters;
    }

    /** The server within these bounds, on what it speaks. */
    public HttpServer applyTo(HttpServer server) {
        HttpServerConfig given = server.configuration();
        boolean speaksHttp2 =
                Arrays.stream(given.protocols()).anyMatch(each -> each == HttpProtocol.H2 || each == HttpProtocol.H2C);
        Http2Door http2 = speaksHttp2
                ? new Http2Door(
                        settings.http2(),
                        times(given.idleTimeout()),
                        given.decoder().maxHeaderSize(),
                        meters)
                : null;
        return server.protocol(HttpProtocol.HTTP11)
                .doOnChannelInit((observer, channel, remote) -> init(channel, http2, observer));
    }

    private ClientTimes times(@Nullable Duration idle) {
        return new ClientTimes(
                settings.headerTimeout(), settings.bodyTimeout(), settings.readTimeout(), idle == null ? IDLE : idle);
    }

    private void init(Channel channel, @Nullable Http2Door http2, ConnectionObserver observer) {
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        if (connections.incrementAndGet() > settings.maxConnections()) {
            channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            return;
        }
        SlowClient guard = new SlowClient(settings);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addBefore(NettyPipeline.HttpCodec, FIRST, guard.bytes());
        pipeline.addAfter(NettyPipeline.HttpCodec, "sluice.messages", guard);
        pipeline.addAfter("sluice.messages", "sluice.linger", new LingeringClose());
        if (http2 != null) {
            http2.watch(observer, channel, FIRST);
        }
    }
}
