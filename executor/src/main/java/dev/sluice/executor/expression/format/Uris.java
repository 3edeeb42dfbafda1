package dev.sluice.executor.expression.format;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.text.Utf8;
import dev.sluice.shared.json.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** Percent-encoding of all but the unreserved characters (RFC 3986, 2.3), and back. */
final class Uris {

    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    /** Characters for a byte that is encoded. */
    private static final int ENCODED = 3;

    /** Bytes that are decoded at once. */
    private static final int PIECE = 1 << 14;

    private Uris() {}

    static String encode(String text, Budget budget) {
        budget.characters((long) text.length() * ENCODED);
        byte[] bytes = Utf8.bytes(text, budget);
        StringBuilder encoded = new StringBuilder(bytes.length);
        for (byte b : bytes) {
            budget.look(encoded.length());
            if (unreserved(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static boolean unreserved(byte b) {
        return b > 0 && UNRESERVED.indexOf(b) >= 0;
    }

    static String decode(String text, Budget budget) {
        budget.characters(text.length() * 2L);
        byte[] bytes = Utf8.bytes(text, budget);
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            budget.look(i);
            byte b = bytes[i];
            if (b == '%') {
                if (i + 2 >= bytes.length
                        || !HexFormat.isHexDigit(bytes[i + 1])
                        || !HexFormat.isHexDigit(bytes[i + 2])) {
                    throw invalid(text);
                }
                b = (byte) ((HexFormat.fromHexDigit(bytes[i + 1]) << 4) + HexFormat.fromHexDigit(bytes[i + 2]));
                i += 2;
            }
            bytes[length++] = b;
        }
        CharBuffer decoded = CharBuffer.allocate(length);
        if (!decode(ByteBuffer.wrap(bytes), length, decoded, budget)) {
            throw invalid(text);
        }
        return decoded.flip().toString();
    }

    /** Piece by piece; false where it is no UTF-8. */
    private static boolean decode(ByteBuffer bytes, int length, CharBuffer decoded, Budget budget) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        bytes.limit(0);
        while (bytes.limit() < length) {
            budget.look(0);
            bytes.limit(Math.min(length, bytes.limit() + PIECE));
            if (decoder.decode(bytes, decoded, bytes.limit() == length).isError()) {
                return false;
            }
        }
        return true;
    }

    private static RuntimeException invalid(String text) {
        return Formats.refused(Json.string(text), "is not a valid uri encoding");
    }
}
