package dev.sluice.shared.outbound;

import dev.sluice.shared.http2.HeaderTable;
import dev.sluice.shared.http2.WindowFlush;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.util.AttributeKey;
import java.util.LinkedHashSet;
import java.util.Set;
import reactor.netty.NettyPipeline;

/**
 * What a client of HTTP/2 has to know that Reactor Netty does not: one stream that is not read holds up no other, and a request
 * that the server says it did not process may be sent again, whatever it is (RFC 9113, section 8.7). Belongs to one connection and its
 * event loop.
 */
public final class Http2Exchanges extends ChannelInboundHandlerAdapter {

    private static final String NAME = "sluice.exchanges";
    private static final AttributeKey<Http2Exchanges> KEY = AttributeKey.valueOf(Http2Exchanges.class, "own");

    /** Whoever sent them asks at once. */
    private static final int MOST_REMEMBERED = 1000;

    private final Http2FrameCodec codec;
    private final Set<Integer> refused = new LinkedHashSet<>();

    private Http2Exchanges(Http2FrameCodec codec) {
        this.codec = codec;
    }

    /**
     * On a connection that has just been made, or whose TLS handshake is to come; one that turns out to be of HTTP/1.1 is left as it
     * is.
     *
     * @param windowBytes for all its streams
     */
    public static void on(Channel channel, int windowBytes) {
        ChannelPipeline pipeline = channel.pipeline();
        if (pipeline.get(NettyPipeline.HttpCodec) == null) {
            pipeline.addBefore(NettyPipeline.ReactiveBridge, NAME, new Later(windowBytes));
        } else {
            begin(pipeline, windowBytes);
        }
    }

    private static void begin(ChannelPipeline pipeline, int windowBytes) {
        if (pipeline.get(NettyPipeline.HttpCodec) instanceof Http2FrameCodec codec) {
            Http2Exchanges exchanges = new Http2Exchanges(codec);
            pipeline.channel().attr(KEY).set(exchanges);
            pipeline.addAfter(NettyPipeline.HttpCodec, NAME, exchanges);
            ConnectionWindow.open(pipeline, windowBytes);
            WindowFlush.on(pipeline);
        }
    }

    /** Waits for the handshake, at whose end the pipeline is made (RFC 7301). */
    private static final class Later extends ChannelInboundHandlerAdapter {

        private final int windowBytes;

        Later(int windowBytes) {
            this.windowBytes = windowBytes;
        }

        @Override
        public void channelActive(ChannelHandlerContext context) {
            ChannelPipeline pipeline = context.pipeline();
            pipeline.remove(this);
            begin(pipeline, windowBytes);
            context.fireChannelActive();
        }
    }

    /** Whether the server said that it did not process the request of a stream; false on HTTP/1.1. */
    static boolean isUnprocessed(Channel channel) {
        if (!(channel instanceof Http2StreamChannel stream)) {
            return false;
        }
        Http2Exchanges exchanges = stream.parent().attr(KEY).get();
        return exchanges != null && exchanges.isUnprocessed(stream.stream().id());
    }

    private boolean isUnprocessed(int stream) {
        Http2Connection connection = codec.connection();
        return refused.contains(stream)
                || (connection.goAwayReceived() && stream > connection.local().lastStreamKnownByPeer());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2ResetFrame reset && reset.errorCode() == Http2Error.REFUSED_STREAM.code()) {
            refused.add(reset.stream().id());
            if (refused.size() > MOST_REMEMBERED) {
                refused.remove(refused.iterator().next());
            }
        }
        if (message instanceof Http2SettingsFrame) {
            HeaderTable.keepSmall(codec);
        }
        context.fireChannelRead(message);
    }
}
