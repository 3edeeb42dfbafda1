package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.value.Numbers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Reads a number out of a string. Beside those of JSON it takes what jq takes: no number, infinities, a sign, leading zeros. */
final class NumberReader {

    private static final int MAX_DIGITS = 1_000;

    private NumberReader() {}

    /** A string that is a number and nothing else, or null. */
    static @Nullable JsonNode of(String text) {
        if (text.isEmpty() || text.length() > MAX_DIGITS) {
            return null;
        }
        boolean negative = text.charAt(0) == '-';
        String unsigned = negative || text.charAt(0) == '+' ? text.substring(1) : text;
        return switch (unsigned.toLowerCase(Locale.ROOT)) {
            case "nan" -> Numbers.of(Double.NaN);
            case "inf", "infinity" -> Numbers.of(negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
            default -> isDecimal(unsigned) ? decimal(negative ? text : unsigned) : null;
        };
    }

    private static boolean isDecimal(String text) {
        int digits = 0;
        int at = 0;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
            digits++;
        }
        if (at < text.length() && text.charAt(at) == '.') {
            at++;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
                digits++;
            }
        }
        if (digits > 0 && at < text.length() && (text.charAt(at) | ' ') == 'e') {
            at++;
            at += at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-') ? 1 : 0;
            int exponent = at;
            while (at < text.length() && isDigit(text.charAt(at))) {
                at++;
            }
            digits = at > exponent && at - exponent < 10 ? digits : 0;
        }
        return digits > 0 && at == text.length();
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static JsonNode decimal(String text) {
        BigDecimal value = new BigDecimal(text);
        boolean whole = text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
        if (!whole) {
            return JsonNodeFactory.instance.numberNode(value);
        }
        BigInteger integer = value.toBigInteger();
        if (integer.signum() == 0 && text.charAt(0) == '-') {
            return Numbers.of(-0.0);
        }
        return integer.bitLength() < Long.SIZE
                ? Numbers.of(integer.longValue())
                : JsonNodeFactory.instance.numberNode(integer);
    }
}
