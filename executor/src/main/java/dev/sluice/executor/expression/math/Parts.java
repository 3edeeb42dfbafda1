package dev.sluice.executor.expression.math;

import dev.sluice.executor.expression.math.Functions.Pair;

/** What doubles are made of: whole part and fraction, significand and exponent. */
final class Parts {

    /** Brings subnormal numbers among the normal ones. */
    private static final int NORMALIZING = 64;

    /** More than the exponents of all doubles. */
    private static final double EXPONENTS = 5_000;

    private Parts() {}

    static double trunc(double x) {
        return x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    /** Halves go away from zero. */
    static double round(double x) {
        double whole = trunc(x);
        return Math.abs(x - whole) >= 0.5 ? whole + Math.copySign(1, x) : whole;
    }

    static Pair modf(double x) {
        double whole = trunc(x);
        return new Pair(Math.copySign(Double.isInfinite(x) ? 0 : x - whole, x), whole);
    }

    /** A significand from a half to one, and the exponent. */
    static Pair frexp(double x) {
        if (x == 0 || !Double.isFinite(x)) {
            return new Pair(x, 0);
        }
        int exponent = exponent(x) + 1;
        return new Pair(Math.scalb(x, -exponent), exponent);
    }

    static double logb(double x) {
        if (x == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        return Double.isFinite(x) ? exponent(x) : x * x;
    }

    /** From one to two. */
    static double significand(double x) {
        Pair parts = frexp(x);
        return 2 * parts.first();
    }

    /** The exponent is no whole number: NaN. */
    static double scalb(double x, double exponent) {
        if (Double.isNaN(x) || Double.isNaN(exponent)) {
            return Double.NaN;
        }
        if (Double.isInfinite(exponent)) {
            return exponent > 0 ? x * exponent : x / -exponent;
        }
        if (exponent != Math.rint(exponent)) {
            return Double.NaN;
        }
        return Math.scalb(x, (int) Math.clamp(exponent, -EXPONENTS, EXPONENTS));
    }

    private static int exponent(double x) {
        int exponent = Math.getExponent(x);
        return exponent >= Double.MIN_EXPONENT ? exponent : Math.getExponent(Math.scalb(x, NORMALIZING)) - NORMALIZING;
    }
}
