package dev.sluice.executor.expression.math;

import static java.util.Map.entry;

import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;

/**
 * The mathematical functions of jq 1.8 by name, with the values that C (Annex F) gives them at NaN, infinities and zeros. They
 * agree with the C library to a few units in the last place; the Bessel functions to about 1e-15 of their largest value near.
 * Each takes bounded time, well under a millisecond. Immutable.
 */
public final class Functions {

    /** Of the input. {@code pow10} is {@code exp10}, kept from before 1.8. */
    public static final Map<String, DoubleUnaryOperator> UNARY = Map.ofEntries(
            entry("acos", Math::acos),
            entry("acosh", Elementary::acosh),
            entry("asin", Math::asin),
            entry("asinh", Elementary::asinh),
            entry("atan", Math::atan),
            entry("atanh", Elementary::atanh),
            entry("cbrt", Math::cbrt),
            entry("ceil", Math::ceil),
            entry("cos", Math::cos),
            entry("cosh", Math::cosh),
            entry("erf", Erf::erf),
            entry("erfc", Erf::erfc),
            entry("exp", Math::exp),
            entry("exp10", Elementary::exp10),
            entry("exp2", Elementary::exp2),
            entry("expm1", Math::expm1),
            entry("fabs", Math::abs),
            entry("floor", Math::floor),
            entry("gamma", Gamma::lgamma),
            entry("j0", x -> Bessel.j(0, x)),
            entry("j1", x -> Bessel.j(1, x)),
            entry("lgamma", Gamma::lgamma),
            entry("log", Math::log),
            entry("log10", Math::log10),
            entry("log1p", Math::log1p),
            entry("log2", Elementary::log2),
            entry("logb", Parts::logb),
            entry("nearbyint", Math::rint),
            entry("pow10", Elementary::exp10),
            entry("rint", Math::rint),
            entry("round", Parts::round),
            entry("significand", Parts::significand),
            entry("sin", Math::sin),
            entry("sinh", Math::sinh),
            entry("sqrt", Math::sqrt),
            entry("tan", Math::tan),
            entry("tanh", Math::tanh),
            entry("tgamma", Gamma::tgamma),
            entry("trunc", Parts::trunc),
            entry("y0", x -> Bessel.y(0, x)),
            entry("y1", x -> Bessel.y(1, x)));

    /** Of the input, giving a pair. */
    public static final Map<String, DoubleFunction<Pair>> PAIRS = Map.of(
            "frexp", Parts::frexp,
            "lgamma_r", Gamma::lgammaWithSign,
            "modf", Parts::modf);

    /** Of two arguments. Orders and exponents are cut to whole numbers of C's int, but for {@code scalb}. */
    public static final Map<String, DoubleBinaryOperator> BINARY = Map.ofEntries(
            entry("atan2", Math::atan2),
            entry("copysign", StrictMath::copySign),
            entry("drem", Math::IEEEremainder),
            entry("fdim", Elementary::fdim),
            entry("fmax", Elementary::fmax),
            entry("fmin", Elementary::fmin),
            entry("fmod", (x, y) -> x % y),
            entry("hypot", Math::hypot),
            entry("jn", (n, x) -> Bessel.j((int) n, x)),
            entry("ldexp", (x, exponent) -> Math.scalb(x, (int) exponent)),
            entry("nextafter", Math::nextAfter),
            entry("nexttoward", Math::nextAfter),
            entry("pow", Elementary::pow),
            entry("remainder", Math::IEEEremainder),
            entry("scalb", Parts::scalb),
            entry("scalbln", (x, exponent) -> Math.scalb(x, (int) exponent)),
            entry("yn", (n, x) -> Bessel.y((int) n, x)));

    /** Of three arguments. */
    public static final Map<String, Ternary> TERNARY = Map.of("fma", Math::fma);

    private Functions() {}

    /** What a function that gives two numbers gives, in the order of jq's array. */
    public record Pair(double first, double second) {}

    /** A function of three numbers. */
    @FunctionalInterface
    public interface Ternary {
        /** Its value. */
        double applyAsDouble(double x, double y, double z);
    }
}
