package dev.sluice.gateway.http2;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection so that no request is lost (RFC 9113, section 6.8): it asks for no more of them, waits until the client has
 * heard that, says which was the last, and closes when all are answered. What has begun may take as long as it likes. Belongs to one
 * connection and its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails is the end of the connection, which all hear of
final class Goodbye extends ChannelDuplexHandler {

    static final String NAME = "sluice.goodbye";

    /** For a client to hear it. */
    private static final long HEAR_MILLIS = 1000;

    /** Tells our ping from others. */
    private static final long PING = 0x67_6f_6f_64_62_79_65_21L;

    private @Nullable Future<?> heard;
    private @Nullable ChannelPromise closed;

    Goodbye() {}

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (closed != null) {
            ChannelPromise first = closed;
            promise = promise.unvoid();
            ChannelPromise later = promise;
            first.addListener(done -> later.trySuccess());
            return;
        }
        closed = promise.unvoid();
        if (!context.channel().isActive()) {
            context.close(closed);
            return;
        }
        context.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
        context.writeAndFlush(new DefaultHttp2PingFrame(PING));
        heard = context.executor().schedule(() -> finish(context), HEAR_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2PingFrame ping && ping.ack() && ping.content() == PING) {
            finish(context);
        } else {
            context.fireChannelRead(message);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    private void finish(ChannelHandlerContext context) {
        if (heard != null && closed != null) {
            stop();
            context.write(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
            context.close(closed);
        }
    }

    private void stop() {
        if (heard != null) {
            heard.cancel(false);
            heard = null;
        }
    }
}
