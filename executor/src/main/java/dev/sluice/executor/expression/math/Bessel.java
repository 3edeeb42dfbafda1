package dev.sluice.executor.expression.math;

/**
 * Bessel functions of whole order. Up to {@value #ASYMPTOTIC} by Miller's backward recurrence (DLMF 3.6) and Neumann's series
 * (DLMF 10.8, A&amp;S 9.1.88); beyond by Hankel's expansion (DLMF 10.17), which is exact to the last digit there.
 */
final class Bessel {

    private static final double ASYMPTOTIC = 25;

    /** Below it the first term of the power series is all of it. */
    private static final double SMALL = 1e-8;

    /** Orders beyond it are given only where the function is nothing; they would take too long. */
    private static final int ORDERS = 5_000;

    private static final double EULER = 0.5772156649015329;
    private static final double LN2 = Math.log(2);
    private static final double TWO_OVER_PI = 2 / Math.PI;

    private Bessel() {}

    /** Of the first kind. NaN for orders beyond {@value #ORDERS} where it is not almost zero. */
    static double j(int order, double x) {
        double n = Math.abs((double) order);
        boolean negative = n % 2 != 0 && (order < 0) != (Math.copySign(1, x) < 0);
        double value = ofPositive(n, Math.abs(x));
        return negative ? -value : value;
    }

    private static double ofPositive(double n, double x) {
        if (Double.isNaN(x)) {
            return x;
        }
        if (Double.isInfinite(x)) {
            return 0;
        }
        if (vanishes(n, x)) {
            return n == 0 ? 1 : 0;
        }
        if (n > ORDERS) {
            return Double.NaN;
        }
        if (x < SMALL) {
            return Math.pow(x / 2, n) / Gamma.tgamma(n + 1);
        }
        if (x < ASYMPTOTIC || n > x) {
            return Miller.upTo((int) n, x).value((int) n);
        }
        return forward((int) n, x, Hankel.j0(x), Hankel.j1(x));
    }

    /** Whether (x/2)^n / n!, which it is less than, is less than the smallest double. */
    private static boolean vanishes(double n, double x) {
        return x == 0 || (n > x && n * Math.log(x / 2) - Gamma.lgamma(n + 1) < -750);
    }

    /** Of the second kind. NaN for negative numbers, and for orders beyond {@value #ORDERS}. */
    static double y(int order, double x) {
        double n = Math.abs((double) order);
        double value = yOfPositive(n, x);
        return order < 0 && n % 2 != 0 ? -value : value;
    }

    private static double yOfPositive(double n, double x) {
        if (Double.isNaN(x) || x < 0) {
            return Double.NaN;
        }
        if (x == 0) {
            return Double.NEGATIVE_INFINITY;
        }
        if (Double.isInfinite(x)) {
            return 0;
        }
        if (n > ORDERS) {
            return Double.NaN;
        }
        if (x >= ASYMPTOTIC) {
            return forward((int) n, x, Hankel.y0(x), Hankel.y1(x));
        }
        if (x < SMALL) {
            return forward((int) n, x, TWO_OVER_PI * (Math.log(x) - LN2 + EULER), -TWO_OVER_PI / x);
        }
        Miller j = Miller.upTo(0, x);
        return forward((int) n, x, y0(x, j), y1(x, j));
    }

    private static double y0(double x, Miller j) {
        double sum = 0;
        for (int k = j.last() / 2; k > 0; k--) {
            sum += (k % 2 == 0 ? 1 : -1) * j.value(2 * k) / k;
        }
        return TWO_OVER_PI * ((Math.log(x / 2) + EULER) * j.value(0) - 2 * sum);
    }

    private static double y1(double x, Miller j) {
        double sum = 0;
        for (int k = (j.last() - 1) / 2; k > 0; k--) {
            sum += (k % 2 == 0 ? 1 : -1) * (2 * k + 1.0) / (k * (k + 1.0)) * j.value(2 * k + 1);
        }
        return TWO_OVER_PI * ((Math.log(x / 2) + EULER - 1) * j.value(1) - j.value(0) / x - sum);
    }

    /** The recurrence of both kinds from the orders 0 and 1; stable for the second, and for the first up to x. */
    private static double forward(int n, double x, double first, double second) {
        if (n == 0) {
            return first;
        }
        double before = first;
        double value = second;
        for (int k = 1; k < n && !Double.isInfinite(value); k++) {
            double next = 2.0 * k / x * value - before;
            before = value;
            value = next;
        }
        return value;
    }
}
