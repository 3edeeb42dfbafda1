package dev.sluice.executor.expression.math;

/** Elementary functions that Java has not, or has with other values at the edges than C. */
final class Elementary {

    private static final double LN2 = Math.log(2);
    private static final double LOG2_E = 1 / LN2;

    /** Beyond it one does not count beside the square. */
    private static final double LARGE = 0x1p28;

    private static final double TINY = 0x1p-28;

    private Elementary() {}

    static double acosh(double x) {
        if (x > LARGE) {
            return Math.log(x) + LN2;
        }
        if (x > 2) {
            return Math.log(2 * x - 1 / (x + Math.sqrt(x * x - 1)));
        }
        double beyond = x - 1;
        return Math.log1p(beyond + Math.sqrt(2 * beyond + beyond * beyond));
    }

    static double asinh(double x) {
        double size = Math.abs(x);
        if (size < TINY || !Double.isFinite(x)) {
            return x;
        }
        return Math.copySign(asinhOf(size), x);
    }

    private static double asinhOf(double size) {
        if (size > LARGE) {
            return Math.log(size) + LN2;
        }
        double square = size * size;
        double root = Math.sqrt(square + 1);
        return size > 2 ? Math.log(2 * size + 1 / (root + size)) : Math.log1p(size + square / (1 + root));
    }

    static double atanh(double x) {
        double size = Math.abs(x);
        if (size < TINY) {
            return x;
        }
        double twice = 2 * size;
        double of = size < 0.5 ? twice + twice * size / (1 - size) : twice / (1 - size);
        return Math.copySign(0.5 * Math.log1p(of), x);
    }

    static double exp2(double x) {
        return pow(2, x);
    }

    static double exp10(double x) {
        return pow(10, x);
    }

    /** Whole for powers of two. */
    static double log2(double x) {
        if (x > 0 && x < Double.POSITIVE_INFINITY && Parts.significand(x) == 1) {
            return Parts.logb(x);
        }
        return Math.log(x) * LOG2_E;
    }

    /** In C one to any power is one, and so is minus one to an infinite one. */
    static double pow(double base, double exponent) {
        if (base == 1 || (base == -1 && Double.isInfinite(exponent))) {
            return 1;
        }
        return Math.pow(base, exponent);
    }

    static double fdim(double x, double y) {
        return x <= y ? 0 : x - y;
    }

    static double fmax(double x, double y) {
        if (Double.isNaN(x)) {
            return y;
        }
        return Double.isNaN(y) ? x : Math.max(x, y);
    }

    static double fmin(double x, double y) {
        if (Double.isNaN(x)) {
            return y;
        }
        return Double.isNaN(y) ? x : Math.min(x, y);
    }
}
