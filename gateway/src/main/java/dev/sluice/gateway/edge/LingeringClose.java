package dev.sluice.gateway.edge;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a client that still sends its body see why it was refused (RFC 9112, section 9.6): a connection closed with bytes
 * unread is reset, and the reset may overtake the answer. So the sending half is closed first, and what comes is read and
 * dropped until the body or the connection ends, or the time is over. Not thread-safe: it belongs to one connection and its
 * event loop.
 */
final class LingeringClose extends ChannelDuplexHandler {

    private static final long LINGER_MILLIS = 2000;

    private boolean inBody;
    private @Nullable Future<?> end;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest) {
            inBody = true;
        }
        if (message instanceof LastHttpContent) {
            inBody = false;
        }
        if (end == null) {
            context.fireChannelRead(message);
            return;
        }
        ReferenceCountUtil.release(message);
        if (inBody) {
            context.read();
        } else {
            close(context);
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever made the promise looks at it
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        if (inBody && end == null && context.channel() instanceof DuplexChannel channel && channel.isActive()) {
            end = context.executor().schedule(() -> close(context), LINGER_MILLIS, TimeUnit.MILLISECONDS);
            channel.shutdownOutput().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
            channel.closeFuture().addListener(closed -> promise.trySuccess());
            context.read();
        } else {
            context.close(promise);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (end != null) {
            end.cancel(false);
        }
        context.fireChannelInactive();
    }

    private static void close(ChannelHandlerContext context) {
        context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }
}
