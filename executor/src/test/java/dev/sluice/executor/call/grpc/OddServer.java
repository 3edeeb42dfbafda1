package dev.sluice.executor.call.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** A server of HTTP/2 that answers with whatever frames it is told to, once a request is complete. Blocks. */
final class OddServer implements AutoCloseable {

    final AtomicInteger asked = new AtomicInteger();
    private final MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;

    /** One that answers like this when it has heard everything. */
    OddServer(UnaryOperator<Answer> script) {
        this(script, false);
    }

    /**
     * One that answers like this.
     *
     * @param early whether it does so after the headers, and reads no more than fits into a window
     */
    OddServer(UnaryOperator<Answer> script, boolean early) {
        this.channel = new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel connection) {
                        connection
                                .pipeline()
                                .addLast(Http2FrameCodecBuilder.forServer().build())
                                .addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel stream) {
                                        stream.pipeline().addLast(new Answering(script, early));
                                    }
                                }));
                    }
                })
                .bind("127.0.0.1", 0)
                .syncUninterruptibly()
                .channel();
    }

    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** What to answer with, frame by frame. */
    static final class Answer {

        private final ChannelHandlerContext stream;

        private Answer(ChannelHandlerContext stream) {
            this.stream = stream;
        }

        Answer head(boolean last, String... fields) {
            return headers(last, new DefaultHttp2Headers().status("200"), fields);
        }

        Answer status(String status, boolean last, String... fields) {
            return headers(last, new DefaultHttp2Headers().status(status), fields);
        }

        Answer trailers(String... fields) {
            return headers(true, new DefaultHttp2Headers(), fields);
        }

        private Answer headers(boolean last, Http2Headers headers, String... fields) {
            for (int i = 0; i < fields.length; i += 2) {
                headers.add(fields[i], fields[i + 1]);
            }
            return write(new DefaultHttp2HeadersFrame(headers, last));
        }

        Answer data(int... bytes) {
            ByteBuf data = Unpooled.buffer();
            for (int each : bytes) {
                data.writeByte(each);
            }
            return write(new DefaultHttp2DataFrame(data));
        }

        Answer reset(Http2Error error) {
            return write(new DefaultHttp2ResetFrame(error));
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the test sees what comes of it
        Answer hangUp() {
            stream.channel().parent().close();
            return this;
        }

        @SuppressWarnings("FutureReturnValueIgnored") // the test sees what comes of it
        private Answer write(Object frame) {
            stream.writeAndFlush(frame);
            return this;
        }
    }

    private final class Answering extends ChannelInboundHandlerAdapter {

        private final UnaryOperator<Answer> script;
        private final boolean early;

        private Answering(UnaryOperator<Answer> script, boolean early) {
            this.script = script;
            this.early = early;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object frame) {
            boolean end = (frame instanceof Http2HeadersFrame headers && (early || headers.isEndStream()))
                    || (frame instanceof Http2DataFrame data && data.isEndStream() && !early);
            ReferenceCountUtil.release(frame);
            if (end) {
                asked.incrementAndGet();
                Answer given = script.apply(new Answer(context));
                assertThat(given.stream).isSameAs(context);
            }
        }
    }
}
