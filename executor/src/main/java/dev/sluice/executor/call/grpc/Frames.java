package dev.sluice.executor.call.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Messages one after the other, each behind a byte that says whether it is compressed and four with its length (PROTOCOL-HTTP2.md). */
final class Frames {

    private static final int PREFIX = 5;

    private Frames() {}

    /** Messages as they are sent. */
    static byte[] written(List<byte[]> messages) {
        int length = Math.toIntExact(messages.stream()
                .mapToLong(message -> (long) message.length + PREFIX)
                .sum());
        ByteBuffer frames = ByteBuffer.allocate(length);
        messages.forEach(message -> frames.put((byte) 0).putInt(message.length).put(message));
        return frames.array();
    }

    /**
     * The messages that came; their bytes are not copied.
     *
     * @param most how many there may be
     * @throws IllegalFrameException for what is not this, or compressed, or more
     */
    static List<ByteString> read(byte[] body, int most) throws IllegalFrameException {
        List<ByteString> messages = new ArrayList<>();
        ByteBuffer frames = ByteBuffer.wrap(body);
        while (frames.hasRemaining()) {
            if (messages.size() == most) {
                throw new IllegalFrameException("it has more than " + most + " messages", true);
            }
            if (frames.remaining() < PREFIX) {
                throw new IllegalFrameException("a message is cut off");
            }
            if (frames.get() != 0) {
                throw new IllegalFrameException("a message is compressed although that was not asked for");
            }
            long length = Integer.toUnsignedLong(frames.getInt());
            if (length > frames.remaining()) {
                throw new IllegalFrameException("a message is cut off");
            }
            messages.add(UnsafeByteOperations.unsafeWrap(body, frames.position(), (int) length));
            frames.position(frames.position() + (int) length);
        }
        return messages;
    }
}
