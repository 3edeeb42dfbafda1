package dev.sluice.gateway.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks again and again how a connection's client gets on. Who is too slow with one request has that one reset: its body, or the
 * reading of its answer. The connection ends of one whose headers trickle, or who takes nothing off its socket. One that is idle, or
 * old, is closed with a {@link Goodbye}. Belongs to one connection and its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails is the end of the connection, which all hear of
final class ClientWatch extends ChannelInboundHandlerAdapter {

    static final String NAME = "sluice.watch";

    private final Http2FrameCodec codec;
    private final FloodGuard frames;
    private final StreamGuard streams;
    private final ClientTimes times;
    private final Cuts cuts;
    private final long endNanos;
    private long busyNanos = System.nanoTime();
    private long writableNanos = busyNanos;
    private boolean leaving;
    private @Nullable Future<?> next;

    /**
     * Of a connection that has just begun.
     *
     * @param ageNanos until it is old
     */
    ClientWatch(
            Http2FrameCodec codec,
            FloodGuard frames,
            StreamGuard streams,
            ClientTimes times,
            Cuts cuts,
            long ageNanos) {
        this.codec = codec;
        this.frames = frames;
        this.streams = streams;
        this.times = times;
        this.cuts = cuts;
        this.endNanos = busyNanos + ageNanos;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        next(context);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    private void next(ChannelHandlerContext context) {
        next = context.executor().schedule(() -> look(context), times.look().toNanos(), TimeUnit.NANOSECONDS);
    }

    private void stop() {
        if (next != null) {
            next.cancel(false);
            next = null;
        }
    }

    private void look(ChannelHandlerContext context) {
        long nanos = System.nanoTime();
        next(context);
        if (nanos - frames.incompleteSince(nanos) > times.header().toNanos()) {
            cuts.count(Cut.SLOW_HEADERS);
            context.write(new DefaultHttp2GoAwayFrame(Http2Error.ENHANCE_YOUR_CALM));
            context.flush();
            cut(context);
        } else if (isStuck(context.channel(), nanos)) {
            cuts.count(Cut.SLOW_CONNECTION);
            cut(context);
        } else {
            each(context, nanos);
            leave(context.channel(), nanos);
        }
    }

    private boolean isStuck(Channel channel, long nanos) {
        if (channel.isWritable()) {
            writableNanos = nanos;
        }
        return nanos - writableNanos > times.read().toNanos();
    }

    private void each(ChannelHandlerContext context, long nanos) {
        Http2Connection connection = codec.connection();
        if (connection.numActiveStreams() == 0) {
            return;
        }
        busyNanos = nanos;
        try {
            connection.forEachActiveStream(stream -> {
                look(context, stream, nanos);
                return true;
            });
        } catch (Http2Exception e) {
            throw new IllegalStateException("a look at a stream throws nothing", e);
        }
        context.flush();
    }

    private void look(ChannelHandlerContext context, Http2Stream stream, long nanos) {
        OpenStream open = streams.open(stream);
        Http2Error objection = open == null ? null : open.objection(stream.state(), times, nanos);
        if (objection != null) {
            cuts.count(Cut.SLOW_STREAM);
            ChannelHandlerContext own = context.pipeline().context(codec);
            codec.encoder().writeRstStream(own, stream.id(), objection.code(), own.newPromise());
        }
    }

    /** Without requests for long, or before the first one; or for its age. */
    private void leave(Channel channel, long nanos) {
        boolean fresh = codec.connection().remote().lastStreamCreated() == 0;
        long patience = (fresh ? times.header() : times.idle()).toNanos();
        boolean idle = nanos - busyNanos > patience && !isAsking(nanos);
        if (!leaving && (idle || nanos - endNanos > 0)) {
            leaving = true;
            channel.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
        }
    }

    /** Whether the headers of a request are on their way; whether they trickle is another question. */
    private boolean isAsking(long nanos) {
        return frames.incompleteSince(nanos) != nanos;
    }

    /** From in front of the codec, which would wait for the streams. */
    private static void cut(ChannelHandlerContext context) {
        context.pipeline()
                .context(FloodGuard.NAME)
                .close()
                .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
