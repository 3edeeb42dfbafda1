package dev.sluice.shared.outbound;

import dev.sluice.shared.outbound.OutboundException.Kind;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Collects a body up to a bound; never holds more than twice the bound. Used by one subscriber at a time. */
final class ResponseBody {

    private static final int SMALL = 1024;

    private final int max;
    private byte[] bytes;
    private int length;

    /** Room for {@code announced} bytes (negative when unknown), never more than is needed for the bound. */
    ResponseBody(int max, long announced) {
        requireWithin(max, announced);
        this.max = max;
        this.bytes = new byte[Math.min(max, announced < 0 ? SMALL : (int) Math.min(announced, SMALL * 64L))];
    }

    /** Copies what can be read; the buffer stays its owner's to release. */
    void add(ByteBuf chunk) {
        int added = chunk.readableBytes();
        requireWithin(max, (long) length + added);
        if (length + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(max, Math.max(length + (long) added, bytes.length * 2L)));
        }
        chunk.getBytes(chunk.readerIndex(), bytes, length, added);
        length += added;
    }

    byte[] toBytes() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    private static void requireWithin(int max, long length) {
        if (length > max) {
            throw new OutboundException(Kind.TOO_LARGE, true, "The response is longer than " + max + " bytes.", null);
        }
    }
}
