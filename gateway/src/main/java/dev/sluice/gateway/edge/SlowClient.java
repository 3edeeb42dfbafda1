package dev.sluice.gateway.edge;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes the connection of a client that is slow on purpose or by accident. Not thread-safe: it belongs to one connection
 * and its event loop.
 *
 * <pre>
 *            bytes                headers complete            body complete
 *   quiet ──────────▶ in headers ──────────────────▶ in body ───────────────▶ quiet
 *                     │ headerTimeout                │ twice bodyTimeout
 *                     ▼                              ▼
 *                   closed                         closed
 * </pre>
 *
 * <p>After once {@code bodyTimeout} a {@link TimedRequest} answers 408. A deadline is set only when a read leaves a
 * request incomplete, so most requests cost nothing. Apart from that, a
 * response that cannot be written since the client does not read has {@code readTimeout} until it can; one that waits for
 * something to send has all the time in the world.
 */
final class SlowClient extends ChannelInboundHandlerAdapter {

    private final long headerMillis;
    private final long bodyMillis;
    private final long readMillis;

    private boolean decoded;
    private boolean inBody;
    private @Nullable Future<?> incomplete;
    private @Nullable Future<?> unread;

    SlowClient(EdgeSettings settings) {
        this.headerMillis = settings.headerTimeout().toMillis();
        this.bodyMillis = settings.bodyTimeout().multipliedBy(2).toMillis();
        this.readMillis = settings.readTimeout().toMillis();
    }

    /** Stands in front of the HTTP codec, this handler behind it: between the two, bytes become messages or do not. */
    ChannelInboundHandler bytes() {
        return new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object bytes) {
                decoded = false;
                context.fireChannelRead(bytes);
                if (incomplete == null && (inBody || !decoded)) {
                    incomplete = closeIn(context, inBody ? bodyMillis : headerMillis);
                }
            }
        };
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        decoded = true;
        if (message instanceof HttpRequest) {
            inBody = true;
            incomplete = stop(incomplete);
        }
        if (message instanceof LastHttpContent) {
            inBody = false;
            incomplete = stop(incomplete);
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        unread = stop(unread);
        if (!context.channel().isWritable()) {
            unread = closeIn(context, readMillis);
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        incomplete = stop(incomplete);
        unread = stop(unread);
        context.fireChannelInactive();
    }

    private static Future<?> closeIn(ChannelHandlerContext context, long millis) {
        return context.executor().schedule(() -> close(context), millis, TimeUnit.MILLISECONDS);
    }

    /** From here, and so at once: who was slow until now is not waited for. */
    private static void close(ChannelHandlerContext context) {
        context.close().addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    }

    private static @Nullable Future<?> stop(@Nullable Future<?> deadline) {
        if (deadline != null) {
            deadline.cancel(false);
        }
        return null;
    }
}
