package dev.sluice.gateway.mail;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** The meters of messages, all of them counters without tags. */
enum MailMeter {
    SENT("sluice.mail.sent", "Messages that the server took"),
    FAILED("sluice.mail.failed", "Messages that were given up, after repetitions where they could help"),
    REFUSED("sluice.mail.refused", "Messages that were not even begun, since too many waited");

    private final String meter;
    private final String description;

    MailMeter(String meter, String description) {
        this.meter = meter;
        this.description = description;
    }

    Counter register(MeterRegistry registry) {
        return Counter.builder(meter).description(description).register(registry);
    }
}
