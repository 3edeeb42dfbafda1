package dev.sluice.executor.expression.math;

/** Bessel functions of the orders 0 and 1 for large arguments. */
final class Hankel {

    private Hankel() {}

    static double j0(double x) {
        Terms terms = Terms.of(0, x);
        double plus = Math.cos(x) + Math.sin(x);
        double minus = Math.sin(x) - Math.cos(x);
        return (terms.even * plus - terms.odd * minus) / Math.sqrt(Math.PI * x);
    }

    static double j1(double x) {
        Terms terms = Terms.of(1, x);
        double plus = Math.cos(x) + Math.sin(x);
        double minus = Math.sin(x) - Math.cos(x);
        return (terms.even * minus + terms.odd * plus) / Math.sqrt(Math.PI * x);
    }

    static double y0(double x) {
        Terms terms = Terms.of(0, x);
        double plus = Math.cos(x) + Math.sin(x);
        double minus = Math.sin(x) - Math.cos(x);
        return (terms.even * minus + terms.odd * plus) / Math.sqrt(Math.PI * x);
    }

    static double y1(double x) {
        Terms terms = Terms.of(1, x);
        double plus = Math.cos(x) + Math.sin(x);
        double minus = Math.sin(x) - Math.cos(x);
        return (terms.odd * minus - terms.even * plus) / Math.sqrt(Math.PI * x);
    }

    /** The sums of the even and of the odd terms of a_k / x^k, with alternating signs. */
    private record Terms(double even, double odd) {

        static Terms of(int order, double x) {
            double[] sums = {0, 0};
            double term = 1;
            for (int k = 0; Math.abs(term) > 0x1p-60; k++) {
                sums[k % 2] += k % 4 < 2 ? term : -term;
                double odd = 2 * k + 1.0;
                term *= (4 * order * order - odd * odd) / (8 * (k + 1.0) * x);
            }
            return new Terms(sums[0], sums[1]);
        }
    }
}
