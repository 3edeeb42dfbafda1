package dev.sluice.gateway.http2;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2CodecUtil;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FrameScannerTest {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int PING = 6;
    private static final int CONTINUATION = 9;

    private final List<String> seen = new ArrayList<>();
    private final FrameScanner scanner =
            new FrameScanner((type, flags, length) -> seen.add(type + "/" + flags + "/" + length));

    @Test
    void tellsFramesHoweverTheirBytesArePacked() {
        ByteBuf all = Unpooled.buffer().writeBytes(Http2CodecUtil.connectionPrefaceBuf());
        frame(all, HEADERS, 4, 300);
        frame(all, PING, 1, 8);
        frame(all, DATA, 0, 0);
        frame(all, DATA, 1, 70_000);
        for (int size = 1; size < 40; size++) {
            FrameScanner each = new FrameScanner((type, flags, length) -> seen.add(type + "/" + flags + "/" + length));
            ByteBuf rest = all.duplicate();
            while (rest.isReadable()) {
                each.scan(rest.readSlice(Math.min(size, rest.readableBytes())));
            }
            assertThat(seen).as("in pieces of %s", size).containsExactly("1/4/300", "6/1/8", "0/0/0", "0/1/70000");
            assertThat(each.isIncomplete()).isFalse();
            seen.clear();
        }
    }

    @Test
    void isIncompleteFromTheFirstByteOfAFrameToTheLastOfItsHeaders() {
        scanner.scan(Http2CodecUtil.connectionPrefaceBuf().slice(0, 23));
        assertThat(scanner.isIncomplete()).isTrue();
        scanner.scan(Http2CodecUtil.connectionPrefaceBuf().slice(23, 1));
        assertThat(scanner.isIncomplete()).isFalse();
        ByteBuf head = frame(Unpooled.buffer(), HEADERS, 0, 2);
        scanner.scan(head.readSlice(3));
        assertThat(scanner.isIncomplete()).isTrue();
        scanner.scan(head);
        assertThat(scanner.isIncomplete()).as("more headers are to come").isTrue();
        scanner.scan(frame(Unpooled.buffer(), CONTINUATION, 0, 5));
        assertThat(scanner.isIncomplete()).isTrue();
        scanner.scan(frame(Unpooled.buffer(), CONTINUATION, 4, 0));
        assertThat(scanner.isIncomplete()).isFalse();
    }

    @Test
    void leavesABodyThatIsUnderWayToOthers() {
        scanner.scan(Http2CodecUtil.connectionPrefaceBuf());
        scanner.scan(frame(Unpooled.buffer(), DATA, 0, 100).slice(0, 50));
        assertThat(scanner.isIncomplete()).isFalse();
    }

    @CanIgnoreReturnValue
    private static ByteBuf frame(ByteBuf to, int type, int flags, int length) {
        return to.writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(1)
                .writeZero(length);
    }
}
