package dev.sluice.shared.web;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Asks for the next request of an HTTP/1.1 connection after each response. Reactor Netty 1.3.6 forgets to when a request
 * came before the former response had ended (reactor-netty issues 4347 and 4361), and the connection is silent from then
 * on. Where it has asked already, asking again changes nothing. Every server of this system is made with it.
 */
public final class KeepReading extends ChannelOutboundHandlerAdapter {

    private static final String NAME = "sluice.reading";

    private KeepReading() {}

    /** The server, whose HTTP/1.1 connections go on; those that turn to HTTP/2 are left alone. */
    public static HttpServer on(HttpServer server) {
        return server.doOnChannelInit((observer, channel, remote) -> {
            if (!begin(channel.pipeline())) {
                channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, NAME, new OnceNegotiated());
            }
        });
    }

    /** False while nobody knows what is spoken. */
    private static boolean begin(ChannelPipeline pipeline) {
        if (pipeline.get(NettyPipeline.HttpTrafficHandler) == null) {
            return false;
        }
        pipeline.addBefore(NettyPipeline.HttpTrafficHandler, NAME, new KeepReading());
        return true;
    }

    /** Waits for the end of a TLS handshake, which says it (RFC 7301). */
    private static final class OnceNegotiated extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof SslHandshakeCompletionEvent) {
                ChannelPipeline pipeline = context.pipeline();
                pipeline.remove(this);
                boolean ignored = begin(pipeline);
            }
            context.fireUserEventTriggered(event);
        }
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
