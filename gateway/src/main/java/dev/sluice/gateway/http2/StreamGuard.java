package dev.sluice.gateway.http2;

import dev.sluice.shared.http2.HeaderTable;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameStream;
import io.netty.handler.codec.http2.Http2FrameStreamException;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands between the codec and the streams: lets requests through that are well-formed and within the bound on all of them, and
 * knows how each gets on. A stream that is refused is reset, and the others of its connection go on. Belongs to one connection and
 * its event loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails is the end of the connection, which all hear of
final class StreamGuard extends ChannelDuplexHandler {

    static final String NAME = "sluice.streams";

    private static final Logger LOG = LoggerFactory.getLogger(StreamGuard.class);

    private final Http2FrameCodec codec;
    private final FloodGuard frames;
    private final RequestCount requests;
    private final Cuts cuts;
    private final Http2Connection.PropertyKey key;

    StreamGuard(Http2FrameCodec codec, FloodGuard frames, RequestCount requests, Cuts cuts) {
        this.codec = codec;
        this.frames = frames;
        this.requests = requests;
        this.cuts = cuts;
        this.key = codec.connection().newKey();
        codec.connection().addListener(new Closed());
    }

    private final class Closed extends Http2ConnectionAdapter {
        @Override
        public void onStreamClosed(Http2Stream stream) {
            OpenStream open = stream.removeProperty(key);
            if (open != null) {
                requests.leave();
            }
        }
    }

    /** The request on a stream; null when there is none, or no more. */
    @Nullable
    OpenStream open(Http2Stream stream) {
        return stream.getProperty(key);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof Http2HeadersFrame head) {
            Http2Error objection = enter(head);
            if (objection != null) {
                reset(context, head.stream(), objection);
                return;
            }
        } else if (message instanceof Http2SettingsFrame) {
            HeaderTable.keepSmall(codec);
        }
        context.fireChannelRead(message);
    }

    private @Nullable Http2Error enter(Http2HeadersFrame head) {
        Http2Stream stream = codec.connection().stream(head.stream().id());
        if (stream == null) {
            return Http2Error.STREAM_CLOSED;
        }
        boolean first = open(stream) == null;
        if (first ? !RequestHead.isProper(head.headers()) : !RequestHead.areTrailers(head.headers())) {
            cuts.count(Cut.MALFORMED);
            return Http2Error.PROTOCOL_ERROR;
        }
        if (first && !requests.enter()) {
            cuts.count(Cut.FULL);
            return Http2Error.REFUSED_STREAM;
        }
        if (first) {
            stream.setProperty(key, new OpenStream());
        }
        return null;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof Http2DataFrame data) {
            OpenStream open = find(data.stream());
            frames.wrote(data.content().readableBytes());
            if (open != null) {
                open.writing(data.isEndStream());
                context.write(message, promise.unvoid().addListener(open));
                return;
            }
        } else if (message instanceof Http2HeadersFrame head && head.isEndStream()) {
            OpenStream open = find(head.stream());
            if (open != null) {
                open.answered();
            }
        }
        context.write(message, promise);
    }

    private @Nullable OpenStream find(Http2FrameStream frames) {
        Http2Stream stream = codec.connection().stream(frames.id());
        return stream == null ? null : open(stream);
    }

    /** What the codec objects to is nobody's failure here: it has ended the connection, and streams are ended by us. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof Http2FrameStreamException broken) {
            LOG.debug("{} stream {}: {}", context.channel(), broken.stream().id(), broken.getMessage());
            cuts.count(Cut.MALFORMED);
            reset(context, broken.stream(), broken.error());
            return;
        }
        Http2Exception broken = Http2CodecUtil.getEmbeddedHttp2Exception(cause);
        if (broken == null) {
            context.fireExceptionCaught(cause);
            return;
        }
        LOG.debug("{}: {}", context.channel(), broken.getMessage());
        cuts.count(broken.error() == Http2Error.ENHANCE_YOUR_CALM ? Cut.FLOOD : Cut.MALFORMED);
    }

    private static void reset(ChannelHandlerContext context, Http2FrameStream stream, Http2Error error) {
        context.writeAndFlush(new DefaultHttp2ResetFrame(error).stream(stream));
    }
}
