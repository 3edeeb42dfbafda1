package dev.sluice.gateway.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Asks for the next request after each response. Reactor Netty 1.3.6 forgets to when a request that came before the former
 * response had ended is answered at once (reactor-netty issues 4347 and 4361), and the connection is silent from then on.
 * Where it has asked already, asking again changes nothing.
 */
final class KeepReading extends ChannelOutboundHandlerAdapter {

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever made the promise looks at it
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof LastHttpContent) {
            context.write(message, promise.unvoid().addListener(written -> readNext(context)));
        } else {
            context.write(message, promise);
        }
    }

    /** After what Reactor Netty does at the end of a response. */
    private static void readNext(ChannelHandlerContext context) {
        context.executor().execute(context::read);
    }
}
