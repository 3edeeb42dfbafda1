package dev.sluice.executor.expression.math;

import dev.sluice.executor.expression.math.Functions.Pair;
import java.util.Objects;

/** Functions called by name. */
final class Calls {

    private Calls() {}

    static double call(String name, double x) {
        return Objects.requireNonNull(Functions.UNARY.get(name), name).applyAsDouble(x);
    }

    static double call(String name, double x, double y) {
        return Objects.requireNonNull(Functions.BINARY.get(name), name).applyAsDouble(x, y);
    }

    static double call(String name, double x, double y, double z) {
        return Objects.requireNonNull(Functions.TERNARY.get(name), name).applyAsDouble(x, y, z);
    }

    static Pair pair(String name, double x) {
        return Objects.requireNonNull(Functions.PAIRS.get(name), name).apply(x);
    }
}
