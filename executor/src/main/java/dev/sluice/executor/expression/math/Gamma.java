package dev.sluice.executor.expression.math;

import dev.sluice.executor.expression.math.Functions.Pair;

/**
 * The gamma function and its logarithm. Between 1.5 and 2.5 the logarithm is the series of DLMF 5.7.3 in powers of x - 2; other
 * arguments are brought there by the recurrence, with products of twice the precision, or are large enough for Stirling's series
 * (DLMF 5.11.1).
 */
final class Gamma {

    /** From here on the gamma function is beyond all doubles. */
    private static final double OVERFLOW = 171.7;

    /** Below it the function is nothing but zero, or a pole. */
    private static final double UNDERFLOW = -185;

    private static final double STIRLING = 20;
    private static final double HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

    /** Beyond it Stirling's corrections do not count. */
    private static final double HUGE = 1e17;

    /** B(2k) / (2k (2k - 1)). */
    private static final double[] CORRECTIONS = {
        1 / 12.0, -1 / 360.0, 1 / 1260.0, -1 / 1680.0, 1 / 1188.0, -691 / 360360.0, 1 / 156.0, -3617 / 122400.0
    };

    private static final double[] SERIES = series(64);

    private Gamma() {}

    static double tgamma(double x) {
        if (x == 0) {
            return 1 / x;
        }
        if (Double.isNaN(x) || (x < 0 && x == Math.rint(x))) {
            return Double.NaN;
        }
        if (x > OVERFLOW) {
            return Double.POSITIVE_INFINITY;
        }
        if (x < UNDERFLOW) {
            return Math.copySign(0, sign(x));
        }
        return x > 1.5 ? above(x) : below(x);
    }

    /** {@code (x - 1) (x - 2) … r Γ(r)} with r up to 2.5; exact for whole numbers up to 23. */
    private static double above(double x) {
        DoubleDouble product = new DoubleDouble();
        double r = x;
        while (r > 2.5) {
            r -= 1;
            product.multiply(r);
        }
        return product.times(Math.exp(near2(r - 2)));
    }

    /** {@code Γ(r) / (x (x + 1) … (r - 1))} with r from 1.5; in steps, for the product may be larger than a double. */
    private static double below(double x) {
        DoubleDouble product = new DoubleDouble();
        double divided = 1;
        double r = x;
        while (r < 1.5) {
            product.multiply(r);
            r += 1;
            if (Math.abs(product.value()) > 1e150) {
                divided /= product.value();
                product = new DoubleDouble();
            }
        }
        return Math.exp(near2(r - 2)) / product.value() * divided;
    }

    static double lgamma(double x) {
        if (Double.isInfinite(x) || (x <= 0 && x == Math.rint(x))) {
            return Double.POSITIVE_INFINITY;
        }
        if (x < 0) {
            double fraction = x - Math.rint(x);
            return Math.log(Math.PI / Math.abs(x * Math.sin(Math.PI * fraction))) - lgamma(-x);
        }
        return x > STIRLING ? stirling(x) : reduced(x);
    }

    static Pair lgammaWithSign(double x) {
        return new Pair(lgamma(x), sign(x));
    }

    /** Of the gamma function; 1 at its poles, but at -0. */
    private static int sign(double x) {
        if (x == 0) {
            return 1 / x < 0 ? -1 : 1;
        }
        boolean negative = x < 0 && x != Math.rint(x) && Math.floor(x) % 2 != 0;
        return negative ? -1 : 1;
    }

    private static double reduced(double x) {
        double r = x;
        double product = 1;
        while (r > 2.5) {
            r -= 1;
            product *= r;
        }
        if (r >= 1.5 || Double.isNaN(r)) {
            return Math.log(product) + near2(r - 2);
        }
        // Γ(r) = Γ(r + 1) / r; near one the two almost cancel, so the logarithm has to know the difference from one.
        double beyond = r >= 0.5 ? near2(r - 1) - Math.log1p(r - 1) : near2(r) - Math.log1p(r);
        return r >= 0.5 ? beyond : beyond - Math.log(r);
    }

    private static double stirling(double x) {
        double sum = 0;
        if (x < HUGE) {
            double power = 1 / x;
            double square = power * power;
            for (double correction : CORRECTIONS) {
                sum += correction * power;
                power *= square;
            }
        }
        return (x - 0.5) * (Math.log(x) - 1) + (HALF_LOG_TAU - 0.5) + sum;
    }

    /** The logarithm of Γ(2 + e), for e from -0.5 to 0.5. */
    private static double near2(double e) {
        double sum = 0;
        for (int k = SERIES.length - 1; k > 0; k--) {
            sum = sum * e + SERIES[k];
        }
        return sum * e;
    }

    /** (-1)^k (ζ(k) - 1) / k; at 1 it is one less Euler's constant. */
    private static double[] series(int length) {
        double[] series = new double[length];
        series[1] = 0.42278433509846713;
        for (int k = 2; k < length; k++) {
            series[k] = (k % 2 == 0 ? 1 : -1) * zetaLessOne(k) / k;
        }
        return series;
    }

    /** By the sum of the first terms and Euler and Maclaurin's formula for the others. */
    private static double zetaLessOne(int k) {
        int first = 16;
        double n = first;
        double power = Math.pow(n, -k);
        double rest = power * n / (k - 1) + power / 2 + k * power / (12 * n);
        double third = k * (k + 1.0) * (k + 2.0) * power / (720 * n * n * n);
        double fifth = third * (k + 3.0) * (k + 4.0) / (42 * n * n);
        double seventh = fifth * (k + 5.0) * (k + 6.0) / (40 * n * n);
        double sum = rest - third + fifth - seventh;
        for (int i = first - 1; i > 1; i--) {
            sum += Math.pow(i, -k);
        }
        return sum;
    }
}
