package dev.sluice.gateway.http2;

import dev.sluice.shared.http2.WindowFlush;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import reactor.netty.ConnectionObserver;
import reactor.netty.NettyPipeline;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerConfig;

/**
 * Turns connections of a server that speaks HTTP/1.1 to HTTP/2, when their clients begin it by prior knowledge (RFC 9113, section
 * 3.3) or chose it with TLS (ALPN). All that stands there for HTTP/1.1 is taken away, and Reactor Netty's handlers for HTTP/2 are put
 * in its place, with our guards; a connection that stays on HTTP/1.1 loses what watched for this, and is as if it had never been
 * there. Thread-safe.
 *
 * <pre>
 *   [TLS] → frames → codec → windows → goodbye → streams → watch → multiplexer ⇉ one channel for each stream
 * </pre>
 */
public final class Http2Door {

    private static final double AGE_VARIANCE = 0.2;

    private static final int RESET_SECONDS = 30;

    private final HttpServerConfig protocol;
    private final Http2Limits limits;
    private final ClientTimes times;
    private final RequestCount requests;
    private final Cuts cuts;

    /**
     * Of one server.
     *
     * @param maxHeaderBytes of a request, as RFC 9113 counts them
     */
    public Http2Door(Http2Limits limits, ClientTimes times, int maxHeaderBytes, MeterRegistry registry) {
        this.limits = limits;
        this.times = times;
        this.requests = new RequestCount(limits.maxRequests());
        this.cuts = new Cuts(registry);
        this.protocol = HttpServer.create()
                .protocol(HttpProtocol.H2C)
                .http2Settings(http2 -> http2.maxConcurrentStreams(limits.maxStreams())
                        .initialWindowSize(limits.windowBytes())
                        .maxHeaderListSize(maxHeaderBytes)
                        .maxDecodedRstFramesPerWindow(limits.maxResets(), RESET_SECONDS)
                        .maxEncodedRstFramesPerWindow(limits.maxResets(), RESET_SECONDS))
                .configuration();
    }

    /** Watches a connection that has just been made for how its client begins. */
    public void watch(ConnectionObserver observer, Channel channel, String first) {
        if (channel.pipeline().get(NettyPipeline.SslHandler) == null) {
            channel.pipeline().addBefore(first, Preface.NAME, new Preface(this, observer, times.header()));
        } else {
            channel.pipeline().addBefore(first, Negotiated.NAME, new Negotiated(this, observer));
        }
    }

    /** Puts HTTP/2 behind the one who found out that it is. */
    void take(ChannelHandlerContext finder, ConnectionObserver observer) {
        ChannelPipeline pipeline = finder.pipeline();
        List<String> names = pipeline.names();
        names.subList(names.indexOf(finder.name()) + 1, names.size()).stream()
                .filter(name -> pipeline.get(name) != null)
                .forEach(pipeline::remove);
        pipeline.addLast(protocol.channelInitializer(observer, null, false));
        guard(pipeline);
    }

    private void guard(ChannelPipeline pipeline) {
        Http2FrameCodec codec = (Http2FrameCodec) pipeline.get(NettyPipeline.HttpCodec);
        // How long what has begun may take is not for the codec to say.
        codec.gracefulShutdownTimeoutMillis(-1);
        FloodGuard frames = new FloodGuard(codec, limits.maxOverhead());
        StreamGuard streams = new StreamGuard(codec, frames, requests, cuts);
        pipeline.addBefore(NettyPipeline.HttpCodec, FloodGuard.NAME, frames);
        WindowFlush.on(pipeline);
        pipeline.addBefore(NettyPipeline.H2MultiplexHandler, Goodbye.NAME, new Goodbye());
        pipeline.addBefore(NettyPipeline.H2MultiplexHandler, StreamGuard.NAME, streams);
        pipeline.addBefore(
                NettyPipeline.H2MultiplexHandler,
                ClientWatch.NAME,
                new ClientWatch(codec, frames, streams, times, cuts, ageNanos()));
        openWindow(codec);
    }

    /** No setting does; at its initial size a single stream that stalls would hold up all of them. */
    private void openWindow(Http2FrameCodec codec) {
        try {
            codec.connection()
                    .local()
                    .flowController()
                    .incrementWindowSize(codec.connection().connectionStream(), limits.connectionWindowBytes());
        } catch (Http2Exception e) {
            throw new IllegalStateException("the window was checked", e);
        }
    }

    /** Connections made together do not end together. */
    private long ageNanos() {
        double factor = 1 + AGE_VARIANCE * (2 * ThreadLocalRandom.current().nextDouble() - 1);
        return (long) (limits.maxAge().toNanos() * factor);
    }
}
