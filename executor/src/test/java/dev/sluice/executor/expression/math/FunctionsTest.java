package dev.sluice.executor.expression.math;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.expression.math.Functions.Pair;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class FunctionsTest {

    @Test
    void givesFactorialsExactly() {
        double factorial = 1;
        for (int n = 1; n <= 22; n++) {
            assertThat(Gamma.tgamma(n)).isEqualTo(factorial);
            factorial *= n;
        }
        assertThat(Gamma.tgamma(171)).isCloseTo(7.257415615307994e306, within(7e306));
        assertThat(Gamma.lgamma(1)).isZero();
        assertThat(Gamma.lgamma(2)).isZero();
    }

    @Test
    void givesWholeLogarithmsExactly() {
        for (int n = -1074; n <= 1023; n++) {
            assertThat(Calls.call("log2", Math.scalb(1.0, n))).isEqualTo(n);
        }
        for (int n = 0; n <= 22; n++) {
            assertThat(Calls.call("log10", Math.pow(10, n))).isEqualTo(n);
            assertThat(Calls.call("exp10", n)).isEqualTo(Double.parseDouble("1e" + n));
            assertThat(Calls.call("pow10", n)).isEqualTo(Double.parseDouble("1e" + n));
        }
    }

    @Test
    void takesNumbersApart() {
        Map<String, Pair> parts = Map.of(
                "frexp 8", new Pair(0.5, 4),
                "frexp -0.75", new Pair(-0.75, 0),
                "frexp 4.9E-324", new Pair(0.5, -1073),
                "frexp -0.0", new Pair(-0.0, 0),
                "frexp Infinity", new Pair(Double.POSITIVE_INFINITY, 0),
                "modf -3.25", new Pair(-0.25, -3),
                "modf -Infinity", new Pair(-0.0, Double.NEGATIVE_INFINITY),
                "modf -0.5", new Pair(-0.5, -0.0),
                "lgamma_r 3", new Pair(Math.log(2), 1));
        parts.forEach((call, pair) -> {
            String[] words = call.split(" ", -1);
            assertThat(Calls.pair(words[0], number(words[1]))).describedAs(call).isEqualTo(pair);
        });
    }

    @Test
    void tellsTheSignOfTheGammaFunction() {
        assertThat(Calls.pair("lgamma_r", -0.5).second()).isEqualTo(-1);
        assertThat(Calls.pair("lgamma_r", -1.5).second()).isEqualTo(1);
        assertThat(Calls.pair("lgamma_r", -0.0)).isEqualTo(new Pair(Double.POSITIVE_INFINITY, -1));
        assertThat(Calls.pair("lgamma_r", -2)).isEqualTo(new Pair(Double.POSITIVE_INFINITY, 1));
    }

    @Test
    void knowsTheFunctionsOfTheManual() {
        assertThat(Functions.UNARY.keySet())
                .contains(
                        ("acos acosh asin asinh atan atanh cbrt ceil cos cosh erf erfc exp exp10 exp2 expm1 fabs floor gamma j0"
                                        + " j1 lgamma log log10 log1p log2 logb nearbyint rint round significand sin sinh sqrt tan"
                                        + " tanh tgamma trunc y0 y1")
                                .split(" "));
        assertThat(Functions.BINARY.keySet())
                .contains(
                        ("atan2 copysign drem fdim fmax fmin fmod hypot jn ldexp nextafter nexttoward pow remainder scalb"
                                        + " scalbln yn")
                                .split(" "));
        assertThat(Functions.PAIRS).containsOnlyKeys("frexp", "lgamma_r", "modf");
        assertThat(Calls.call("fma", 1e16, 1 + 0x1p-52, -1e16)).isEqualTo(1e16 * 0x1p-52);
    }

    @Test
    void ignoresNaNsInExtremes() {
        assertThat(Calls.call("fmax", Double.NaN, 1)).isEqualTo(1);
        assertThat(Calls.call("fmin", 1, Double.NaN)).isEqualTo(1);
        assertThat(Calls.call("fmax", Double.NaN, Double.NaN)).isNaN();
        assertThat(Calls.call("fmax", 1, 2)).isEqualTo(2);
        assertThat(Calls.call("fmin", 1, 2)).isEqualTo(1);
    }

    @Test
    void cutsExponentsAndOrders() {
        assertThat(Calls.call("ldexp", 3, 2.9)).isEqualTo(12);
        assertThat(Calls.call("ldexp", 1, 1e300)).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(Calls.call("scalbln", 1, -1e300)).isZero();
        assertThat(Calls.call("scalb", 1, 0.5)).isNaN();
        assertThat(Calls.call("jn", 2.9, 5)).isEqualTo(Bessel.j(2, 5));
        assertThat(Calls.call("jn", 1e300, 5)).isZero();
        assertThat(Calls.call("jn", 2e9, 2e9)).isNaN();
        assertThat(Calls.call("yn", 2e9, 2e9)).isNaN();
    }

    private static Offset<Double> within(double value) {
        return Offset.offset(value * 1e-14);
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }
}
