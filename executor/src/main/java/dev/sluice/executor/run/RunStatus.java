package dev.sluice.executor.run;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Phase of a run (DSL, "Status Phases"). */
public enum RunStatus {
    PENDING,
    RUNNING,
    WAITING,
    SUSPENDED,
    CANCELLED,
    FAULTED,
    COMPLETED;

    /** As it stands in JSON and in the database. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing follows it. */
    public boolean ended() {
        return this == CANCELLED || this == FAULTED || this == COMPLETED;
    }

    /** Reads {@link #text}. */
    public static Optional<RunStatus> of(String text) {
        return Arrays.stream(values())
                .filter(status -> status.text().equals(text))
                .findFirst();
    }
}
