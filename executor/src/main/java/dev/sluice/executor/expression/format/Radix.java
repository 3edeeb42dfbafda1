package dev.sluice.executor.expression.format;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.text.Utf8;
import dev.sluice.shared.json.Json;
import java.util.Arrays;

/**
 * Base 64 and base 32 of UTF-8 (RFC 4648, 4 and 6). Padding is written; when read it ends the text, and may be missing. Bytes
 * that are no UTF-8 become U+FFFD.
 */
final class Radix {

    static final Radix BASE64 =
            new Radix("base64", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4);
    static final Radix BASE32 = new Radix("base32", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8);

    private final String label;
    private final String digits;
    /** Bits of a digit. */
    private final int bits;
    /** Digits that are padded to. */
    private final int group;

    private final byte[] values = new byte[128];

    private Radix(String label, String digits, int bits, int group) {
        this.label = label;
        this.digits = digits;
        this.bits = bits;
        this.group = group;
        Arrays.fill(values, (byte) -1);
        for (int i = 0; i < digits.length(); i++) {
            values[digits.charAt(i)] = (byte) i;
        }
    }

    String encode(String text, Budget budget) {
        budget.characters(text.length() * 4L);
        byte[] bytes = Utf8.bytes(text, budget);
        StringBuilder encoded = new StringBuilder(bytes.length * 8 / bits + group);
        int held = 0;
        int pending = 0;
        for (byte b : bytes) {
            budget.look(encoded.length());
            held = (held << 8 | (b & 0xff)) & 0xffff;
            pending += 8;
            while (pending >= bits) {
                pending -= bits;
                encoded.append(digit(held >> pending));
            }
        }
        if (pending > 0) {
            encoded.append(digit(held << (bits - pending)));
        }
        return encoded.repeat('=', Math.floorMod(-encoded.length(), group)).toString();
    }

    private char digit(int value) {
        return digits.charAt(value & (digits.length() - 1));
    }

    /** Throws the program's error for a character that is no digit, and for a digit that is not enough for a byte. */
    String decode(String text, Budget budget) {
        budget.characters(text.length() * 2L);
        int padding = text.indexOf('=');
        int length = padding < 0 ? text.length() : padding;
        byte[] bytes = new byte[(int) ((long) length * bits / 8)];
        int at = 0;
        int held = 0;
        int pending = 0;
        for (int i = 0; i < length; i++) {
            budget.look(i);
            char c = text.charAt(i);
            if (c >= values.length || values[c] < 0) {
                throw Formats.refused(Json.string(text), "is not valid " + label + " data");
            }
            held = (held << bits | values[c]) & 0xffff;
            pending += bits;
            if (pending >= 8) {
                pending -= 8;
                bytes[at++] = (byte) (held >> pending);
            }
        }
        if (pending >= bits) {
            throw Formats.refused(Json.string(text), "trailing " + label + " byte found");
        }
        return Utf8.text(bytes, at, budget);
    }
}
