package dev.sluice.executor.expression.math;

/** A product kept to twice the precision of a double. */
final class DoubleDouble {

    private double high = 1;
    private double low;

    void multiply(double factor) {
        double product = high * factor;
        low = Math.fma(high, factor, -product) + low * factor;
        high = product;
        double sum = high + low;
        low -= sum - high;
        high = sum;
    }

    double times(double factor) {
        return Math.fma(low, factor, high * factor);
    }

    double value() {
        return high + low;
    }
}
