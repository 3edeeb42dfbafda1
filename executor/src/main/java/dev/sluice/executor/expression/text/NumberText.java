package dev.sluice.executor.expression.text;

import java.math.BigDecimal;
import java.math.MathContext;
import tools.jackson.databind.JsonNode;

/**
 * Numbers as jq 1.8 prints them. A literal that nothing was computed from keeps its digits, in the canonical form of decimal
 * arithmetic ({@code 1.10}, {@code 1E+17}, {@code 1E-7}); a computed number is the shortest text that reads back as the same
 * double, with an exponent below 1e-4 and beyond fifteen added zeros ({@code 1e-05}, {@code 1e+17}). Thread-safe.
 */
public final class NumberText {

    /** Zeros that are written out after the digits at most. */
    private static final int ZEROS = 15;

    /** Leading zeros that are written out after the point at most. */
    private static final int LEADING = 3;

    /** Below this a double has so few bits that one digit may tell it from its neighbours. */
    private static final double ONE_DIGIT = 1e-320;

    private static final double BITS_PER_DIGIT = 3.32;

    private NumberText() {}

    /** The text of a number's node. NaN is {@code null}; the infinities are the largest doubles. */
    public static String of(JsonNode number) {
        return switch (number.numberType()) {
            case INT, LONG -> Long.toString(number.longValue());
            case BIG_INTEGER -> number.bigIntegerValue().toString();
            case FLOAT, DOUBLE -> of(number.doubleValue());
            case BIG_DECIMAL -> number.decimalValue().toString();
        };
    }

    /** The text of a computed number. NaN is {@code null}; the infinities are the largest doubles. */
    public static String of(double number) {
        if (Double.isNaN(number)) {
            return "null";
        }
        double finite = Math.clamp(number, -Double.MAX_VALUE, Double.MAX_VALUE);
        if (finite == 0) {
            return 1 / finite < 0 ? "-0" : "0";
        }
        BigDecimal shortest = shortest(Math.abs(finite));
        StringBuilder text = new StringBuilder(finite < 0 ? "-" : "");
        place(text, shortest.unscaledValue().toString(), shortest.precision() - shortest.scale());
        return text.toString();
    }

    /** Characters that a number's text has at most, roughly. */
    static int length(JsonNode number) {
        return switch (number.numberType()) {
            case INT, LONG, FLOAT, DOUBLE -> 20;
            case BIG_INTEGER -> (int) (number.bigIntegerValue().bitLength() / BITS_PER_DIGIT) + 2;
            case BIG_DECIMAL -> (int) (number.decimalValue().unscaledValue().bitLength() / BITS_PER_DIGIT) + 16;
        };
    }

    /** Java writes two digits at least, and so the closest two where the closest one would do. */
    private static BigDecimal shortest(double number) {
        BigDecimal digits = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (number < ONE_DIGIT && digits.precision() == 2) {
            BigDecimal one = digits.round(new MathContext(1));
            return one.doubleValue() == number ? one.stripTrailingZeros() : digits;
        }
        return digits;
    }

    /** Writes digits whose decimal point is after so many of them. */
    private static void place(StringBuilder text, String digits, int point) {
        if (point <= -LEADING - 1 || point > digits.length() + ZEROS) {
            text.append(digits.charAt(0));
            if (digits.length() > 1) {
                text.append('.').append(digits, 1, digits.length());
            }
            exponent(text, point - 1);
        } else if (point <= 0) {
            text.append("0.").repeat('0', -point).append(digits);
        } else if (point >= digits.length()) {
            text.append(digits).repeat('0', point - digits.length());
        } else {
            text.append(digits, 0, point).append('.').append(digits, point, digits.length());
        }
    }

    private static void exponent(StringBuilder text, int exponent) {
        text.append('e').append(exponent < 0 ? '-' : '+');
        int size = Math.abs(exponent);
        text.append(size < 10 ? "0" : "").append(size);
    }
}
