package dev.sluice.executor.expression.math;

/**
 * The error function and its complement: by the series of positive terms where it is near zero (DLMF 7.6.2), by the continued
 * fraction elsewhere (DLMF 7.9.1).
 */
final class Erf {

    private static final double SQRT_PI = Math.sqrt(Math.PI);

    /** From here on the fraction converges within {@value #LEVELS} levels. */
    private static final double FRACTION = 1.5;

    private static final int LEVELS = 120;

    /** From here on the complement is less than the smallest double. */
    private static final double NOTHING = 28;

    private Erf() {}

    static double erf(double x) {
        double size = Math.abs(x);
        if (size < FRACTION) {
            return series(x);
        }
        return Math.copySign(1 - complement(size), x);
    }

    static double erfc(double x) {
        if (Math.abs(x) < 0.5) {
            return 1 - series(x);
        }
        return x < 0 ? 2 - complement(-x) : complement(x);
    }

    private static double series(double x) {
        double square = x * x;
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > Math.abs(sum) * 0x1p-60; n++) {
            term *= 2 * square / (2 * n + 1);
            sum += term;
        }
        return 2 / SQRT_PI * Math.exp(-square) * sum;
    }

    /** Of what is positive; NaN of NaN. */
    private static double complement(double x) {
        if (x >= NOTHING) {
            return 0;
        }
        // Between a half and the fraction's range, a difference would lose the last digits, and levels make up for it.
        int levels = x < FRACTION ? LEVELS * 6 : LEVELS;
        double fraction = x;
        for (int level = levels; level > 0; level--) {
            fraction = x + level / 2.0 / fraction;
        }
        return gaussian(x) / (SQRT_PI * fraction);
    }

    /** exp(-x²), with the digits of the square that a double has not. */
    private static double gaussian(double x) {
        double square = x * x;
        double rest = Math.fma(x, x, -square);
        return Math.exp(-square) * (1 - rest);
    }
}
