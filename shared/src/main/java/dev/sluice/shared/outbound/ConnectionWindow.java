package dev.sluice.shared.outbound;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2ConnectionPrefaceAndSettingsFrameWrittenEvent;
import reactor.netty.NettyPipeline;

/**
 * Opens the flow-control window of an HTTP/2 connection (RFC 9113, section 5.2), which no setting does. At its initial size,
 * that of one stream, a single reader that stalls would hold up all streams of the connection.
 */
final class ConnectionWindow extends ChannelInboundHandlerAdapter {

    private static final String NAME = "sluice.window";

    private final int bytes;

    private ConnectionWindow(int bytes) {
        this.bytes = bytes;
    }

    /** Opens it by so many bytes more, once the preface is sent. */
    static void open(ChannelPipeline pipeline, int bytes) {
        pipeline.addAfter(NettyPipeline.HttpCodec, NAME, new ConnectionWindow(bytes));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ConnectionPrefaceAndSettingsFrameWrittenEvent) {
            context.writeAndFlush(new DefaultHttp2WindowUpdateFrame(bytes))
                    .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
        context.fireUserEventTriggered(event);
    }
}
