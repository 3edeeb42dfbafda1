package dev.sluice.shared.web;

import java.util.Optional;
import org.springframework.http.HttpHeaders;

/**
 * What an executor tells a gateway about a request to start a run, in a header of its answer that goes no further: the status alone does not say
 * it, since a run that was waited for may have ended with an error.
 */
public enum StartOutcome {
    /** A run is there that was not there before. */
    STARTED("started"),
    /** The idempotency key had started it before. */
    REPEATED("repeated");

    static final String HEADER = "Sluice-Start";

    private final String value;

    StartOutcome(String value) {
        this.value = value;
    }

    /** For the executor. */
    public void set(HttpHeaders headers) {
        headers.set(HEADER, value);
    }

    /** For the gateway; takes the header out. Empty when the answer does not say, as one of an error before anything began. */
    public static Optional<StartOutcome> take(HttpHeaders headers) {
        String value = headers.getFirst(HEADER);
        headers.remove(HEADER);
        for (StartOutcome outcome : values()) {
            if (outcome.value.equals(value)) {
                return Optional.of(outcome);
            }
        }
        return Optional.empty();
    }
}
