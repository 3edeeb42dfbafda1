package dev.sluice.executor.call.asyncapi;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.TooLongFrameException;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What servers of Redis say, cut wherever a network may cut it. */
final class BulkBoundTest {

    private static final int LARGEST = 100;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+OK~",
                "-ERR no~",
                ":1000000000~",
                "$-1~",
                "$5~a~b~c~",
                "*3~$7~message~$4~news~$5~hello~",
                "*-1~",
                "*64~",
                "%2~+a~:1~+b~:2~",
                ">3~+message~+news~+hello~"
            })
    void passesWhatMayBeHeld(String said) {
        for (int cut : new int[] {1, 3, 1_000}) {
            assertThat(passed(said.repeat(3).replace("~", "\r\n"), cut))
                    .isEqualTo(said.repeat(3).length() + 3L * ends(said));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$1000000000~",
                "$101~",
                "=500~txt:",
                "!500~",
                "+OK~$999999999999999999999~",
                "*1000000000~",
                "*65~",
                "%1000000000~+a~+b~",
                "~65~",
                ">99999~",
                "|70~"
            })
    void breaksOffWhatMayNot(String said) {
        // A tilde at the beginning is a set of RESP 3.
        String text = said.charAt(0) + said.substring(1).replace("~", "\r\n");
        for (int cut : new int[] {1, 3, 1_000}) {
            assertThatExceptionOfType(TooLongFrameException.class).isThrownBy(() -> passed(text, cut));
        }
    }

    private static long ends(String said) {
        return said.chars().filter(c -> c == '~').count();
    }

    private static long passed(String said, int cut) {
        EmbeddedChannel channel = new EmbeddedChannel(new BulkBound(LARGEST));
        byte[] bytes = said.getBytes(US_ASCII);
        for (int from = 0; from < bytes.length; from += cut) {
            channel.writeInbound(
                    Unpooled.wrappedBuffer(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + cut))));
        }
        channel.checkException();
        long passed = 0;
        for (ByteBuf part = channel.readInbound(); part != null; part = channel.readInbound()) {
            passed += part.readableBytes();
            part.release();
        }
        assertThat(channel.finish()).isFalse();
        return passed;
    }
}
