package dev.sluice.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.ConnectionObserver;

/**
 * Tells by the first bytes of a connection without TLS what its client speaks (RFC 9113, section 3.4), and goes. Belongs to one
 * connection and its event loop.
 */
final class Preface extends ChannelInboundHandlerAdapter {

    static final String NAME = "sluice.preface";

    private final Http2Door door;
    private final ConnectionObserver observer;
    private final Duration timeout;
    private @Nullable ByteBuf begun;
    private @Nullable Future<?> end;

    /** Of a connection. */
    Preface(Http2Door door, ConnectionObserver observer, Duration timeout) {
        this.door = door;
        this.observer = observer;
        this.timeout = timeout;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = begun == null ? (ByteBuf) message : Unpooled.wrappedBuffer(begun, (ByteBuf) message);
        begun = null;
        ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
        int whole = preface.readableBytes();
        boolean same = isBegin(bytes, preface);
        preface.release();
        if (same && bytes.readableBytes() < whole) {
            begun = bytes;
            await(context);
            return;
        }
        if (same) {
            door.take(context, observer);
        }
        context.pipeline().remove(this);
        context.fireChannelRead(bytes);
    }

    private static boolean isBegin(ByteBuf bytes, ByteBuf preface) {
        int length = Math.min(bytes.readableBytes(), preface.readableBytes());
        for (int i = 0; i < length; i++) {
            if (bytes.getByte(bytes.readerIndex() + i) != preface.getByte(i)) {
                return false;
            }
        }
        return true;
    }

    private void await(ChannelHandlerContext context) {
        if (end == null) {
            end = context.executor().schedule(() -> close(context), timeout.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.read();
    }

    private static void close(ChannelHandlerContext context) {
        context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    private void stop() {
        if (end != null) {
            end.cancel(false);
            end = null;
        }
        if (begun != null) {
            begun.release();
            begun = null;
        }
    }
}
