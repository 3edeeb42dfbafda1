package dev.sluice.shared.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2WindowUpdateFrame;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/**
 * Sends the window updates of streams on their way (RFC 9113, section 6.9). Netty 4.2.15 writes one when whoever reads a stream asks for
 * more, and leaves it to the end of the connection's own read to flush it. When more is asked for while a read is pending and the
 * connection's read is over, nobody flushes: once the other end has used up the stream's window, both wait for each other for ever
 * (netty issues 10072 and 17600). Belongs to one connection and its event loop.
 */
public final class WindowFlush extends ChannelOutboundHandlerAdapter {

    private static final String NAME = "sluice.window-flush";

    private boolean due;

    private WindowFlush() {}

    /** On the connection whose pipeline this is; its codec is there already. */
    public static void on(ChannelPipeline pipeline) {
        pipeline.addAfter(NettyPipeline.HttpCodec, NAME, new WindowFlush());
    }

    /** The server, on each of whose connections that turn to HTTP/2. */
    public static HttpServer on(HttpServer server) {
        return server.doOnConnection(request -> begin(request.channel()));
    }

    /** With the first of its requests. */
    private static void begin(Channel channel) {
        if (channel instanceof Http2StreamChannel stream) {
            ChannelPipeline pipeline = stream.parent().pipeline();
            if (pipeline.get(NAME) == null) {
                pipeline.addBefore(NettyPipeline.H2MultiplexHandler, NAME, new WindowFlush());
            }
        }
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // whoever made the promise looks at it
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message, promise);
        if (message instanceof Http2WindowUpdateFrame && !due) {
            due = true;
            context.executor().execute(() -> flush(context, this));
        }
    }

    /** After what goes on now, which may write more of them. */
    private static void flush(ChannelHandlerContext context, WindowFlush handler) {
        handler.due = false;
        context.flush();
    }
}
