package dev.sluice.gateway.http2;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts what is cut off. Thread-safe. */
final class Cuts {

    private final Map<Cut, Counter> counters = new EnumMap<>(Cut.class);

    Cuts(MeterRegistry registry) {
        for (Cut cut : Cut.values()) {
            counters.put(cut, cut.register(registry));
        }
    }

    void count(Cut cut) {
        Objects.requireNonNull(counters.get(cut)).increment();
    }
}
