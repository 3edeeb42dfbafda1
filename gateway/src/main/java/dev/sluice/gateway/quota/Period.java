package dev.sluice.gateway.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;

/** For how long an allowance is, by UTC. */
public enum Period {
    DAY("day"),
    MONTH("month");

    private final String id;

    Period(String id) {
        this.id = id;
    }

    /** Its name for callers and in the database. */
    public String id() {
        return id;
    }

    /** The period of an id, empty when there is none. */
    public static Optional<Period> of(String id) {
        return Arrays.stream(values()).filter(value -> value.id.equals(id)).findFirst();
    }

    /** When the one that a day is in is over. */
    public Instant end(LocalDate day) {
        return switch (this) {
            case DAY -> start(day.plusDays(1));
            case MONTH -> start(day.withDayOfMonth(1).plusMonths(1));
        };
    }

    /** How long the one that a day is in lasts. */
    long seconds(LocalDate day) {
        Instant begin = switch (this) {
            case DAY -> start(day);
            case MONTH -> start(day.withDayOfMonth(1));
        };
        return Duration.between(begin, end(day)).toSeconds();
    }

    /** The day of an instant, in milliseconds since 1970. */
    static LocalDate day(long millis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }

    private static Instant start(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
