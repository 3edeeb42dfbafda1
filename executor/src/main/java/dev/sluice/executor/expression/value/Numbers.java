package dev.sluice.executor.expression.value;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.DoubleNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.LongNode;

/**
 * Numbers are computed as IEEE doubles. A number that was read and never computed with keeps all its digits (jq's
 * "literals"), which is what whole nodes beyond 2^53 and decimal nodes are.
 */
public final class Numbers {

    /** Up to here a double tells neighbours apart. */
    static final long EXACT = 1L << 53;

    /** Beyond the range of a double by far; the digits of such a number are never written out. */
    private static final int LARGEST_EXPONENT = 400;

    private Numbers() {}

    /** The number of a computation. */
    public static JsonNode of(double value) {
        long whole = (long) value;
        if (whole == value && Math.abs(whole) <= EXACT && (whole != 0 || 1 / value > 0)) {
            return of(whole);
        }
        return DoubleNode.valueOf(value);
    }

    /** A whole number. */
    public static JsonNode of(long value) {
        int small = (int) value;
        return small == value ? IntNode.valueOf(small) : LongNode.valueOf(value);
    }

    /** The double nearest to a number; infinite for those beyond. */
    public static double value(JsonNode number) {
        return switch (number.numberType()) {
            case INT -> number.intValue();
            case LONG -> number.longValue();
            case FLOAT, DOUBLE -> number.doubleValue();
            case BIG_INTEGER -> number.bigIntegerValue().doubleValue();
            case BIG_DECIMAL -> value(number.decimalValue());
        };
    }

    private static double value(BigDecimal number) {
        long exponent = (long) number.precision() - number.scale();
        if (exponent > LARGEST_EXPONENT) {
            return number.signum() * Double.POSITIVE_INFINITY;
        }
        return exponent < -LARGEST_EXPONENT ? 0 : number.doubleValue();
    }

    private static double finite(double value) {
        return Math.clamp(value, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    /** Whether a number is in an {@code int} node: the common case, for which there is a way without doubles. */
    public static boolean isInt(JsonNode value) {
        return value instanceof IntNode;
    }

    /** Whether this is a number that is no number. */
    public static boolean isNan(JsonNode number) {
        return number instanceof DoubleNode && Double.isNaN(number.doubleValue());
    }

    /** The number as others may have it: what JSON cannot say becomes {@code null} or the largest there is. */
    public static JsonNode canonical(DoubleNode number) {
        double value = number.doubleValue();
        if (Double.isNaN(value)) {
            return Values.NULL;
        }
        if (value == 0) {
            return IntNode.valueOf(0);
        }
        return JsonNodeFactory.instance.numberNode(BigDecimal.valueOf(finite(value)));
    }

    /** A literal with the other sign, all its digits kept. */
    static JsonNode negated(JsonNode literal) {
        return literal.isIntegralNumber()
                ? JsonNodeFactory.instance.numberNode(literal.bigIntegerValue().negate())
                : JsonNodeFactory.instance.numberNode(literal.decimalValue().negate());
    }

    /** Orders two numbers: literals by all their digits, what was computed as doubles; no number comes before all numbers. */
    static int compare(JsonNode left, JsonNode right) {
        if (left instanceof IntNode && right instanceof IntNode) {
            return Integer.compare(left.intValue(), right.intValue());
        }
        if (left instanceof DoubleNode || right instanceof DoubleNode) {
            return compare(value(left), value(right));
        }
        if (left.canConvertToLong()
                && right.canConvertToLong()
                && left.isIntegralNumber()
                && right.isIntegralNumber()) {
            return Long.compare(left.longValue(), right.longValue());
        }
        return left.decimalValue().compareTo(right.decimalValue());
    }

    private static int compare(double left, double right) {
        if (left < right) {
            return -1;
        }
        if (left > right) {
            return 1;
        }
        return Boolean.compare(Double.isNaN(right), Double.isNaN(left));
    }
}
