package dev.sluice.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Stands in front of the codec and counts the frames that cost work and bring nothing (CVE-2019-9512 to 9518): of those that are
 * one too many the connection ends with ENHANCE_YOUR_CALM. Belongs to one connection and its event loop.
 */
final class FloodGuard extends ChannelInboundHandlerAdapter {

    static final String NAME = "sluice.frames";

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int ACKNOWLEDGED_OR_LAST = 0x1;

    /** Of a request, about its stream and its connection, before anything is answered. */
    private static final int PER_REQUEST = 8;

    /** A client may say that it read something of each part, twice, and of each quarter of a kilobyte of long ones. */
    private static final int PER_PART = 4;

    private static final int EARNING_BYTES = 256;

    private final Http2FrameCodec codec;
    private final FrameScanner scanner = new FrameScanner(this::frame);
    private final FrameBudget budget;
    private long nowNanos = System.nanoTime();
    private long incompleteNanos = nowNanos;
    private boolean begun;
    private boolean flooded;
    private boolean over;

    FloodGuard(Http2FrameCodec codec, int maxOverhead) {
        this.codec = codec;
        this.budget = new FrameBudget(maxOverhead, WINDOW_NANOS, nowNanos);
    }

    /** A part of an answer is written, which the client may say that it read. */
    void wrote(int bytes) {
        budget.earn(PER_PART + bytes / EARNING_BYTES);
    }

    /** Since when headers, or anything but a body, lack their end, by {@link System#nanoTime}; now when nothing does. */
    long incompleteSince(long nanos) {
        return scanner.isIncomplete() ? incompleteNanos : nanos;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (over) {
            ReferenceCountUtil.release(message);
            return;
        }
        boolean complete = !scanner.isIncomplete();
        nowNanos = System.nanoTime();
        begun = false;
        scanner.scan((ByteBuf) message);
        if (complete || begun) {
            incompleteNanos = nowNanos;
        }
        if (flooded) {
            ReferenceCountUtil.release(message);
            end(context);
        } else {
            context.fireChannelRead(message);
        }
    }

    private void frame(int type, int flags, int length) {
        begun |= type != Http2FrameTypes.CONTINUATION;
        boolean marked = (flags & ACKNOWLEDGED_OR_LAST) != 0;
        boolean good = switch (type) {
            case Http2FrameTypes.HEADERS -> request();
            case Http2FrameTypes.DATA -> length > 0 || marked || budget.spend(nowNanos);
            case Http2FrameTypes.WINDOW_UPDATE -> budget.spendEarned(nowNanos);
            // The codec counts them.
            case Http2FrameTypes.RST_STREAM, Http2FrameTypes.CONTINUATION -> true;
            default -> budget.spend(nowNanos);
        };
        flooded |= !good;
    }

    private boolean request() {
        budget.earn(PER_REQUEST);
        return true;
    }

    private void end(ChannelHandlerContext context) {
        over = true;
        codec.onError(
                context.pipeline().context(codec),
                false,
                Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM, "too many frames that bring nothing"));
    }
}
