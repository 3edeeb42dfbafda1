package dev.sluice.shared.outbound;

import dev.sluice.shared.outbound.OutboundException.Kind;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Remembers why Netty closed a WebSocket: it does so first and says why afterwards, when whoever reads has been told that it is
 * over. For the channel's event loop.
 */
final class UnreadableFrame extends ChannelInboundHandlerAdapter {

    private @Nullable Channel channel;
    private @Nullable CorruptedWebSocketFrameException reason;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof CorruptedWebSocketFrameException frame) {
            reason = frame;
        } else {
            context.fireExceptionCaught(cause);
        }
    }

    /** The reason, or that the connection was lost. */
    <T> Mono<T> orLost() {
        Channel own = channel;
        Mono<T> error = Mono.error(() -> reason == null
                ? new OutboundException(Kind.RESET, true, "The connection was lost.", null)
                : OutboundErrors.translate(reason, true));
        return own == null ? error : error.subscribeOn(Schedulers.fromExecutor(own.eventLoop()));
    }
}
