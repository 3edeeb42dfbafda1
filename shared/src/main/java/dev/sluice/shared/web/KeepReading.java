package dev.sluice.shared.web;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Asks for the next request of an HTTP/1.1 connection after each response. Reactor Netty 1.3.6 forgets to when a request
 * came before the former response had ended (reactor-netty issues 4347 and 4361), and the connection is silent from then
 * on. Where it has asked already, asking again changes nothing. Every server of this system is made with it.
 */
public final class KeepReading extends ChannelOutboundHandlerAdapter {

    private KeepReading() {}

    /** The server, whose HTTP/1.1 connections go on; those that turn to HTTP/2 are left alone. */
    public static HttpServer on(HttpServer server) {
        return server.doOnChannelInit((observer, channel, remote) ->
                channel.pipeline().addBefore(NettyPipeline.HttpTrafficHandler, "sluice.reading", new KeepReading()));
    }

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
