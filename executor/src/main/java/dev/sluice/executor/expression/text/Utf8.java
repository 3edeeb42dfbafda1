package dev.sluice.executor.expression.text;

import dev.sluice.executor.expression.limit.Budget;

/** UTF-8 as jq reads and writes it: what is wrong becomes U+FFFD, a broken sequence as a whole. */
public final class Utf8 {

    private static final char REPLACEMENT = '\ufffd';

    private Utf8() {}

    /** The bytes of a text, whose steps have been counted; a lone surrogate becomes U+FFFD. */
    public static byte[] bytes(String text, Budget budget) {
        byte[] bytes = new byte[length(text, budget)];
        int at = 0;
        for (int i = 0; i < text.length(); i++) {
            budget.look(i);
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes[at++] = (byte) c;
                continue;
            }
            int codePoint = whole(text.codePointAt(i));
            i += Character.charCount(codePoint) - 1;
            int length = length(codePoint);
            for (int k = length - 1; k > 0; k--) {
                bytes[at + k] = (byte) (0x80 | (codePoint & 0x3f));
                codePoint >>= 6;
            }
            bytes[at] = (byte) (((0xf00 >> length) & 0xff) | codePoint);
            at += length;
        }
        return bytes;
    }

    private static int length(String text, Budget budget) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            budget.look(i);
            char c = text.charAt(i);
            if (c < 0x80) {
                length++;
            } else {
                int codePoint = whole(text.codePointAt(i));
                i += Character.charCount(codePoint) - 1;
                length += length(codePoint);
            }
        }
        return length;
    }

    private static int whole(int codePoint) {
        boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        return half ? REPLACEMENT : codePoint;
    }

    /** The text of bytes, whose steps have been counted. */
    public static String text(byte[] bytes, int length, Budget budget) {
        StringBuilder text = new StringBuilder(length);
        int at = 0;
        while (at < length) {
            budget.look(at);
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
