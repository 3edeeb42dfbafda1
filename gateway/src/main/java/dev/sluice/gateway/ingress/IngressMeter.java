package dev.sluice.gateway.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of ingestion, all of them counters without tags. */
enum IngressMeter {
    ACCEPTED("sluice.ingress.accepted", "Deliveries stored as new events"),
    DUPLICATES("sluice.ingress.duplicates", "Deliveries that had been stored before"),
    INVALID_SIGNATURES("sluice.ingress.invalid.signatures", "Deliveries refused for their signature"),
    UNPUBLISHED("sluice.ingress.unpublished", "Stored events left to the reconciler, Redis being away or full");

    private final String meter;
    private final String description;

    IngressMeter(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }

    Counter register(MeterRegistry registry) {
        return Counter.builder(meter).description(description).register(registry);
    }
}
