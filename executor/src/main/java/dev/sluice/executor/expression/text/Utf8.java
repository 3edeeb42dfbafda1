package dev.sluice.executor.expression.text;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8 as jq reads and writes it: what is wrong becomes U+FFFD, a broken sequence as a whole. */
public final class Utf8 {

    private static final char REPLACEMENT = '\ufffd';

    private Utf8() {}

    /** The bytes of a text; a lone surrogate becomes U+FFFD. */
    public static byte[] bytes(String text) {
        try {
            ByteBuffer bytes = StandardCharsets.UTF_8
                    .newEncoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .replaceWith(new byte[] {(byte) 0xef, (byte) 0xbf, (byte) 0xbd})
                    .encode(CharBuffer.wrap(text));
            byte[] exact = new byte[bytes.remaining()];
            bytes.get(exact);
            return exact;
        } catch (CharacterCodingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The text of bytes. */
    public static String text(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder(length);
        int at = 0;
        while (at < length) {
            int size = size(bytes[at]);
            if (size == 1) {
                text.append((char) bytes[at++]);
                continue;
            }
            int end = continued(bytes, at, Math.min(length, at + size));
            int codePoint = end - at == size ? codePoint(bytes, at, size) : REPLACEMENT;
            text.appendCodePoint(codePoint);
            at = end;
        }
        return text.toString();
    }

    static int length(int codePoint) {
        if (codePoint < 0x80) {
            return 1;
        }
        if (codePoint < 0x800) {
            return 2;
        }
        return codePoint < 0x10000 ? 3 : 4;
    }

    /** Bytes of the sequence that a byte begins; 0 if none does. */
    private static int size(byte first) {
        int value = first & 0xff;
        if (value < 0x80) {
            return 1;
        }
        if (value < 0xc2 || value > 0xf4) {
            return 0;
        }
        if (value < 0xe0) {
            return 2;
        }
        return value < 0xf0 ? 3 : 4;
    }

    /** Where the bytes that continue a sequence end, after its first. */
    private static int continued(byte[] bytes, int from, int limit) {
        int at = from + 1;
        while (at < limit && (bytes[at] & 0xc0) == 0x80) {
            at++;
        }
        return at;
    }

    private static int codePoint(byte[] bytes, int from, int size) {
        int codePoint = bytes[from] & (0x7f >> size);
        for (int i = 1; i < size; i++) {
            codePoint = codePoint << 6 | (bytes[from + i] & 0x3f);
        }
        boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return surrogate || codePoint > Character.MAX_CODE_POINT || length(codePoint) != size ? REPLACEMENT : codePoint;
    }
}
