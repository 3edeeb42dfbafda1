package dev.sluice.executor.protobuf;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NumericNode;

/** Makes values of fields of JSON, of all kinds but messages (ProtoJSON, "Representation of each type"). */
final class ScalarWriter {

    private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,400}(\\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?");
    private static final BigInteger MOST_UINT32 = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);
    private static final BigInteger MOST_UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);
    private static final int MOST_DIGITS = 20;

    private ScalarWriter() {}

    /**
     * The value as Protocol Buffers has it.
     *
     * @throws dev.sluice.executor.expression.ExpressionException for a value that the field cannot have
     */
    static Object scalar(FieldDescriptor field, JsonNode value, Where where) {
        return switch (field.getType()) {
            case BOOL -> {
                check(value.isBoolean(), "a boolean", where);
                yield value.booleanValue();
            }
            case STRING -> text(value, where);
            case BYTES -> bytes(text(value, where), where);
            case ENUM -> constant(field.getEnumType(), value, where);
            case DOUBLE -> decimal(value, where);
            case FLOAT -> single(value, where);
            case INT32, SINT32, SFIXED32 ->
                whole(value, BigInteger.valueOf(Integer.MIN_VALUE), BigInteger.valueOf(Integer.MAX_VALUE), where)
                        .intValue();
            case UINT32, FIXED32 ->
                whole(value, BigInteger.ZERO, MOST_UINT32, where).intValue();
            case INT64, SINT64, SFIXED64 ->
                whole(value, BigInteger.valueOf(Long.MIN_VALUE), BigInteger.valueOf(Long.MAX_VALUE), where)
                        .longValue();
            case UINT64, FIXED64 ->
                whole(value, BigInteger.ZERO, MOST_UINT64, where).longValue();
            case MESSAGE, GROUP -> throw new IllegalStateException("a message is no scalar");
        };
    }

    static String text(JsonNode value, Where where) {
        check(value.isString(), "a string", where);
        return value.stringValue();
    }

    private static void check(boolean condition, String expected, Where where) {
        if (!condition) {
            throw where.wrong("must be " + expected);
        }
    }

    private static ByteString bytes(String text, Where where) {
        try {
            return ByteString.copyFrom(
                    Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/')));
        } catch (IllegalArgumentException e) {
            throw where.wrong("must be Base64");
        }
    }

    private static EnumValueDescriptor constant(EnumDescriptor type, JsonNode value, Where where) {
        EnumValueDescriptor found = constant(type, value);
        if (found == null) {
            throw where.wrong("must be one of the values of " + type.getFullName());
        }
        return found;
    }

    private static @Nullable EnumValueDescriptor constant(EnumDescriptor type, JsonNode value) {
        if (value.isNull() && type.getFullName().equals("google.protobuf.NullValue")) {
            return type.findValueByNumber(0);
        }
        if (value.isString()) {
            return type.findValueByName(value.stringValue());
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            return null;
        }
        return type.isClosed()
                ? type.findValueByNumber(value.intValue())
                : type.findValueByNumberCreatingIfUnknown(value.intValue());
    }

    /** A number, or a string that is one. */
    private static Optional<BigDecimal> number(JsonNode value) {
        if (value.isString()) {
            String text = value.stringValue();
            return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
        }
        return value instanceof NumericNode number && !number.isNaN()
                ? Optional.of(number.decimalValue())
                : Optional.empty();
    }

    private static BigInteger whole(JsonNode value, BigInteger least, BigInteger most, Where where) {
        return number(value)
                .flatMap(ScalarWriter::exact)
                .filter(whole -> whole.compareTo(least) >= 0 && whole.compareTo(most) <= 0)
                .orElseThrow(() -> where.wrong("must be a whole number from " + least + " to " + most));
    }

    /** The exponent is looked at before anything is computed: written out, a short number may fill the memory. */
    private static Optional<BigInteger> exact(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        boolean whole = stripped.scale() <= 0 && stripped.precision() - (long) stripped.scale() <= MOST_DIGITS;
        return whole ? Optional.of(stripped.toBigIntegerExact()) : Optional.empty();
    }

    private static float single(JsonNode value, Where where) {
        double number = decimal(value, where);
        float rounded = (float) number;
        if (Float.isInfinite(rounded) && !Double.isInfinite(number)) {
            throw where.wrong("must be a number that a float can hold");
        }
        return rounded;
    }

    /** A number, or a string for one of the three that JSON has not. */
    static double decimal(JsonNode value, Where where) {
        if (value.isString()) {
            switch (value.stringValue()) {
                case "NaN" -> {
                    return Double.NaN;
                }
                case "Infinity" -> {
                    return Double.POSITIVE_INFINITY;
                }
                case "-Infinity" -> {
                    return Double.NEGATIVE_INFINITY;
                }
                default -> {}
            }
        }
        double number = number(value).map(BigDecimal::doubleValue).orElse(Double.NaN);
        if (!Double.isFinite(number)) {
            throw where.wrong("must be a number that a double can hold");
        }
        return number;
    }
}
