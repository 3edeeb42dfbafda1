package dev.sluice.loadtest.proxy;

import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What one proxy did in one round.
 *
 * @param perSecond requests
 * @param failures  requests without an answer, or with another than 2xx or 3xx
 * @param p50Millis half of the answers came sooner
 * @param p99Millis all but one in a hundred
 * @param cpuMicros of the proxy for a request
 */
record Measured(double perSecond, long failures, double p50Millis, double p99Millis, double cpuMicros) {

    /** Each figure's median by itself, and all failures. */
    static Measured median(List<Measured> rounds) {
        return new Measured(
                median(rounds, Measured::perSecond),
                rounds.stream().mapToLong(Measured::failures).sum(),
                median(rounds, Measured::p50Millis),
                median(rounds, Measured::p99Millis),
                median(rounds, Measured::cpuMicros));
    }

    private static double median(List<Measured> rounds, ToDoubleFunction<Measured> figure) {
        List<Double> sorted = rounds.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        return sorted.get(sorted.size() / 2);
    }
}
