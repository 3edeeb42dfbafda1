package dev.sluice.gateway.quota;

import java.util.Arrays;
import java.util.Optional;

/** What is counted. An id, once written, keeps its meaning. */
public enum Metered {
    /** Runs that were started, by whomever. */
    RUNS("runs"),
    /** Deliveries that were accepted as new events. */
    EVENTS("events"),
    /** Tokens that agents report. */
    TOKENS("tokens");

    private final String id;

    Metered(String id) {
        this.id = id;
    }

    /** Its name for callers and in the database. */
    public String id() {
        return id;
    }

    /** What an id means, empty when nothing. */
    static Optional<Metered> of(String id) {
        return Arrays.stream(values()).filter(value -> value.id.equals(id)).findFirst();
    }
}
