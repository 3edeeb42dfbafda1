package dev.sluice.executor.call.asyncapi;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.util.ReferenceCountUtil;

/**
 * Closes a connection to a server of Redis that announces a text longer than allowed, before any of it is held (RESP 2 and 3): a
 * server may send half a gigabyte in one, and the client collects it whole. One for each connection; for its event loop.
 */
final class BulkBound extends ChannelInboundHandlerAdapter {

    private static final int LONGEST_LINE = 64 << 10;

    /** Answers that are made of others; what a subscription gets has three. */
    private static final String AGGREGATES = "*%~>|";

    private static final int MOST_ELEMENTS = 64;

    private final long largest;
    private byte type;
    private long length;
    private int line;
    private long left;
    private boolean exceeded;

    BulkBound(long largest) {
        this.largest = largest;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (exceeded || (message instanceof ByteBuf bytes && isTooLong(bytes))) {
            ReferenceCountUtil.release(message);
            if (!exceeded) {
                exceeded = true;
                context.fireExceptionCaught(new TooLongFrameException("longer than " + largest + " bytes"));
                var _ = context.close();
            }
        } else {
            context.fireChannelRead(message);
        }
    }

    private boolean isTooLong(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (left > 0) {
                long skipped = Math.min(left, bytes.writerIndex() - at);
                left -= skipped;
                at += (int) skipped;
            } else if (isTooLong(bytes.getByte(at++))) {
                return true;
            }
        }
        return false;
    }

    /** A line says what it is by its first character; those of texts with a length are followed by as many bytes. */
    private boolean isTooLong(byte next) {
        if (line == 0) {
            type = next;
            length = 0;
            line = 1;
        } else if (next == '\n') {
            boolean text = type == '$' || type == '=' || type == '!';
            left = text && length >= 0 ? length + 2 : 0;
            line = 0;
            if (AGGREGATES.indexOf(type) >= 0 && length > MOST_ELEMENTS) {
                return true;
            }
        } else {
            line++;
            length = digit(next);
        }
        return line > LONGEST_LINE || left > largest + 2;
    }

    /** Of a length of -1 there is nothing. */
    private long digit(byte next) {
        if (next == '-' || length < 0) {
            return -1;
        }
        return next >= '0' && next <= '9' && length <= largest ? length * 10 + next - '0' : length;
    }
}
