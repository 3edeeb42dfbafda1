package dev.sluice.gateway.http2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Tells the frames in what comes off a connection (RFC 9113, section 4.1), without holding any of it: all of them, also those that
 * the codec keeps to itself. Whether they are as they should be is for the codec to say. Not thread-safe.
 *
 * <pre>
 *   preface ──24 bytes──▶ head ──9 bytes──▶ payload
 *                          ▲───────────────────┘
 * </pre>
 */
final class FrameScanner {

    /** Hears of each frame as soon as its head is there. */
    @FunctionalInterface
    interface Frames {

        /** A frame with so many bytes of payload. */
        void frame(int type, int flags, int length);
    }

    private static final int PREFACE = 24;
    private static final int HEAD = 9;
    private static final int TYPE_AT = 3;
    private static final int FLAGS_AT = 4;
    private static final int END_HEADERS = 0x4;

    private final Frames frames;
    private int missing = PREFACE;
    private int headRead;
    private int length;
    private int type = Http2FrameTypes.SETTINGS;
    private int flags;
    private boolean inHeaders;

    FrameScanner(Frames frames) {
        this.frames = frames;
    }

    /** What came next; its bytes stay unread. */
    void scan(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (missing > 0) {
                int part = Math.min(missing, end - at);
                missing -= part;
                at += part;
            } else {
                head(bytes.getUnsignedByte(at++));
            }
        }
    }

    /** Whether the rest of something is to come which is no body: a head, a payload, or the frames of a list of headers. */
    boolean isIncomplete() {
        return inHeaders || headRead > 0 || (missing > 0 && type != Http2FrameTypes.DATA);
    }

    private void head(int value) {
        if (headRead < TYPE_AT) {
            length = (headRead == 0 ? 0 : length << 8) | value;
        } else if (headRead == TYPE_AT) {
            type = value;
        } else if (headRead == FLAGS_AT) {
            flags = value;
        }
        headRead++;
        if (headRead == HEAD) {
            headRead = 0;
            missing = length;
            if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
                inHeaders = (flags & END_HEADERS) == 0;
            }
            frames.frame(type, flags, length);
        }
    }
}
