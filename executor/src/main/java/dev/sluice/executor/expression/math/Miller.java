package dev.sluice.executor.expression.math;

/**
 * Bessel functions of the first kind of one argument and all orders up to one, by the recurrence from orders where they are
 * nothing downwards, normed by J0 + 2 J2 + 2 J4 + … = 1.
 */
final class Miller {

    /** Values are brought down when they reach it. */
    private static final double LARGE = 1e250;

    private final double[] values;
    private final double norm;

    private Miller(double[] values, double norm) {
        this.values = values;
        this.norm = norm;
    }

    static Miller upTo(int order, double x) {
        double from = Math.max(order, x);
        int start = (int) (from + 12 * Math.cbrt(from) + 40);
        double[] values = new double[start + 2];
        values[start] = 1e-250;
        for (int k = start; k > 0; k--) {
            values[k - 1] = 2.0 * k / x * values[k] - values[k + 1];
            if (Math.abs(values[k - 1]) > LARGE) {
                scale(values, k - 1);
            }
        }
        double norm = 0;
        for (int k = start - start % 2; k > 0; k -= 2) {
            norm += 2 * values[k];
        }
        return new Miller(values, norm + values[0]);
    }

    double value(int order) {
        return values[order] / norm;
    }

    int last() {
        return values.length - 1;
    }

    private static void scale(double[] values, int from) {
        for (int k = from; k < values.length && values[k] != 0; k++) {
            values[k] /= LARGE;
        }
    }
}
