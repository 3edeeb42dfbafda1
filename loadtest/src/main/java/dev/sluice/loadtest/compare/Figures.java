package dev.sluice.loadtest.compare;

/**
 * What one load measured. Errors count apart: a refusal in a millisecond must not improve a percentile.
 *
 * @param succeeded good answers
 * @param errors    everything else
 */
record Figures(long succeeded, long errors, double seconds, long p50Micros, long p99Micros) {

    double perSecond() {
        return succeeded / seconds;
    }
}
