package dev.sluice.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelPipeline;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Bounds on the connections of one server: how many there are, and how long each may be slow. Thread-safe. The idle time
 * between requests is Reactor Netty's own.
 */
public final class EdgeLimits {

    private final AtomicInteger connections = new AtomicInteger();
    private final EdgeSettings settings;

    /** Bounds of one server. */
    public EdgeLimits(EdgeSettings settings) {
        this.settings = settings;
    }

    /** The server within these bounds; it speaks HTTP/1.1 without TLS. */
    public HttpServer applyTo(HttpServer server) {
        return server.doOnChannelInit((observer, channel, remote) -> init(channel));
    }

    private void init(Channel channel) {
        channel.closeFuture().addListener(closed -> connections.decrementAndGet());
        if (connections.incrementAndGet() > settings.maxConnections()) {
            channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
            return;
        }
        SlowClient guard = new SlowClient(settings);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addBefore(NettyPipeline.HttpCodec, "sluice.bytes", guard.bytes());
        pipeline.addAfter(NettyPipeline.HttpCodec, "sluice.messages", guard);
        pipeline.addAfter("sluice.messages", "sluice.linger", new LingeringClose());
    }
}
