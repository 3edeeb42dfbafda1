package dev.sluice.executor.protobuf;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.regex.Pattern;

/** Times and durations, which are strings in JSON (timestamp.proto, duration.proto). */
final class Times {

    private static final Pattern DURATION = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?s");
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");
    private static final BigDecimal MOST_SECONDS = BigDecimal.valueOf(315_576_000_000L);
    private static final int NANOS = 9;
    private static final int MOST_NANOS = 999_999_999;

    private Times() {}

    static Timestamp timestamp(String text, Where where) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant();
            if (!instant.isBefore(FIRST) && !instant.isAfter(LAST)) {
                return Timestamp.newBuilder()
                        .setSeconds(instant.getEpochSecond())
                        .setNanos(instant.getNano())
                        .build();
            }
        } catch (DateTimeException e) {
            // told below
        }
        throw where.wrong("must be a time such as 2026-01-31T12:00:00Z");
    }

    static Duration duration(String text, Where where) {
        if (DURATION.matcher(text).matches()) {
            BigDecimal seconds = new BigDecimal(text.substring(0, text.length() - 1));
            if (seconds.abs().compareTo(MOST_SECONDS) <= 0) {
                long whole = seconds.longValue();
                return Duration.newBuilder()
                        .setSeconds(whole)
                        .setNanos(seconds.subtract(BigDecimal.valueOf(whole))
                                .movePointRight(NANOS)
                                .intValueExact())
                        .build();
            }
        }
        throw where.wrong("must be a duration in seconds such as 1.5s");
    }

    /**
     * As RFC 3339.
     *
     * @throws DateTimeException when it is none that there may be
     */
    static String text(Timestamp time) {
        Instant instant = Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
        boolean valid = time.getNanos() >= 0 && time.getNanos() <= MOST_NANOS;
        if (!valid || instant.isBefore(FIRST) || instant.isAfter(LAST)) {
            throw new DateTimeException("the time is none");
        }
        return instant.toString();
    }

    /**
     * In seconds, with a fraction of three, six or nine digits where it has one.
     *
     * @throws DateTimeException when it is none that there may be
     */
    static String text(Duration duration) {
        long seconds = duration.getSeconds();
        int nanos = duration.getNanos();
        boolean valid = Math.abs(nanos) <= MOST_NANOS
                && BigDecimal.valueOf(seconds).abs().compareTo(MOST_SECONDS) <= 0
                && (seconds == 0 || nanos == 0 || (seconds < 0) == (nanos < 0));
        if (!valid) {
            throw new DateTimeException("the duration is none");
        }
        int digits = nanos == 0 ? 0 : nanos % 1_000_000 == 0 ? 3 : nanos % 1000 == 0 ? 6 : NANOS;
        return BigDecimal.valueOf(seconds)
                        .add(BigDecimal.valueOf(nanos, NANOS))
                        .setScale(digits)
                        .toPlainString()
                + 's';
    }
}
