package dev.sluice.executor.gathering;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What becomes of sets that do not end as their workflow says.
 *
 * @param dropped counts those that were given up for newer ones
 * @param filled  counts those that started their run only because they were full
 */
public record SetMeters(Counter dropped, Counter filled) {

    /** Counters of a registry. */
    public static SetMeters of(MeterRegistry registry) {
        return new SetMeters(
                Counter.builder("sluice.sets.dropped")
                        .description("Incomplete sets of events given up for newer ones")
                        .register(registry),
                Counter.builder("sluice.sets.filled")
                        .description("Sets of events ended only because they were full")
                        .register(registry));
    }
}
