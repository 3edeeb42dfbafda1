package dev.sluice.executor.expression.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

final class NumberTextTest {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** As jq 1.8.1 prints them. */
    private static final Map<Double, String> COMPUTED = Map.ofEntries(
            Map.entry(0.0, "0"),
            Map.entry(-0.0, "-0"),
            Map.entry(3.0, "3"),
            Map.entry(-1.5, "-1.5"),
            Map.entry(0.0001, "0.0001"),
            Map.entry(0.00015000000000000001, "0.00015000000000000001"),
            Map.entry(1e-5, "1e-05"),
            Map.entry(-1.5e-7, "-1.5e-07"),
            Map.entry(1e15, "1000000000000000"),
            Map.entry(1e16, "1e+16"),
            Map.entry(1e17, "1e+17"),
            Map.entry(12e15, "12000000000000000"),
            Map.entry(1.2345678901234568e18, "1234567890123456800"),
            Map.entry(9.999999999999998e19, "99999999999999980000"),
            Map.entry(12345678e12, "12345678000000000000"),
            Map.entry(1e100, "1e+100"),
            Map.entry(123456789e100, "1.23456789e+108"),
            Map.entry(0.1 + 0.2, "0.30000000000000004"),
            Map.entry(1 / 3.0, "0.3333333333333333"),
            Map.entry(200 / 3.0, "66.66666666666667"),
            Map.entry(Double.MIN_VALUE, "5e-324"),
            Map.entry(2 * Double.MIN_VALUE, "1e-323"),
            Map.entry(2.2250738585072014e-308, "2.2250738585072014e-308"),
            Map.entry(Double.MAX_VALUE, "1.7976931348623157e+308"),
            Map.entry(Double.POSITIVE_INFINITY, "1.7976931348623157e+308"),
            Map.entry(Double.NEGATIVE_INFINITY, "-1.7976931348623157e+308"),
            Map.entry(Double.NaN, "null"));

    @Test
    void writesComputedNumbersAsJqDoes() {
        COMPUTED.forEach((number, text) -> {
            assertThat(NumberText.of(number)).describedAs("%s", number).isEqualTo(text);
            assertThat(NumberText.of(NODES.numberNode(number))).isEqualTo(text);
        });
    }

    @Test
    void readsBackAsTheSameDouble() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            double number = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(number)) {
                assertThat(Double.parseDouble(NumberText.of(number)))
                        .describedAs("seed %d", seed)
                        .isEqualTo(number);
            }
        }
    }

    @Test
    void keepsTheDigitsOfLiterals() {
        Map<JsonNode, String> literals = Map.ofEntries(
                Map.entry(NODES.numberNode(-7), "-7"),
                Map.entry(NODES.numberNode(Long.MIN_VALUE), "-9223372036854775808"),
                Map.entry(NODES.numberNode(BigInteger.TEN.pow(30)), "1000000000000000000000000000000"),
                Map.entry(decimal("3.0"), "3.0"),
                Map.entry(decimal("1.10"), "1.10"),
                Map.entry(decimal("100e-2"), "1.00"),
                Map.entry(decimal("1e17"), "1E+17"),
                Map.entry(decimal("1E-5"), "0.00001"),
                Map.entry(decimal("1E-7"), "1E-7"),
                Map.entry(decimal("1.50e3"), "1.50E+3"),
                Map.entry(decimal("0e10"), "0E+10"),
                Map.entry(decimal("1e1000"), "1E+1000"),
                Map.entry(decimal("0.1234567890123456789012345"), "0.1234567890123456789012345"));
        literals.forEach((number, text) -> assertThat(NumberText.of(number)).isEqualTo(text));
    }

    @Test
    void computesWithLiteralsOfAnySize() {
        assertThat(Numbers.toDouble(decimal("1e1000"))).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Numbers.toDouble(decimal("-1e2000000000"))).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(Numbers.toDouble(decimal("1e-2000000000"))).isZero();
        assertThat(Numbers.toDouble(decimal("0.1"))).isEqualTo(0.1);
        assertThat(Numbers.toDouble(NODES.numberNode(BigInteger.TWO.pow(2_000))))
                .isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Numbers.toDouble(NODES.numberNode(Long.MAX_VALUE))).isEqualTo(0x1p63);
        assertThat(Numbers.toDouble(NODES.numberNode(1.5f))).isEqualTo(1.5);
    }

    private static JsonNode decimal(String text) {
        return NODES.numberNode(new BigDecimal(text));
    }
}
