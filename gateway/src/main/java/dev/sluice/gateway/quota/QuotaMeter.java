package dev.sluice.gateway.quota;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** The meters of quotas: counters, most of them by what is counted. */
enum QuotaMeter {
    COUNTED("sluice.quota.counted", "Runs and events that were counted here"),
    REFUSED("sluice.quota.refused", "Those that were refused, nothing being left"),
    WAITED("sluice.quota.waited", "Those that waited for their gateway to ask what is left"),
    UNSETTLED("sluice.quota.unsettled", "Times this gateway could not ask PostgreSQL what is left");

    private final String meter;
    private final String description;

    QuotaMeter(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }

    Counter register(MeterRegistry registry) {
        return Counter.builder(meter).description(description).register(registry);
    }

    Map<Metered, Counter> registerEach(MeterRegistry registry) {
        Map<Metered, Counter> counters = new EnumMap<>(Metered.class);
        for (Metered kind : Metered.values()) {
            counters.put(
                    kind,
                    Counter.builder(meter)
                            .description(description)
                            .tag("kind", kind.id())
                            .register(registry));
        }
        return counters;
    }
}
