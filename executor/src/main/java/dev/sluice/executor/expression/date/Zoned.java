package dev.sluice.executor.expression.date;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.Locale;
import java.util.TimeZone;

/**
 * A time in a zone.
 *
 * @param time   normalized
 * @param offset seconds ahead of UTC
 */
record Zoned(BrokenDown time, int offset, String zone) {

    /** Years of 400 in seconds, after which the rules of all zones are the same again. */
    private static final long CYCLE = 146_097L * 86_400;

    /** Seconds that a calendar of 33 bits of years has, generously. */
    private static final long RANGE = 1L << 57;

    /** A time that says what clocks in a zone showed; within a gap or an overlap the offset before it. */
    static Zoned of(BrokenDown time, ZoneId zone) {
        long local = time.seconds();
        LocalDateTime sameRules = LocalDateTime.ofEpochSecond(sameRules(local), 0, ZoneOffset.UTC);
        int offset = zone.getRules().getOffset(sameRules).getTotalSeconds();
        return new Zoned(time, offset, name(sameRules(local - offset), zone, offset));
    }

    static boolean isInRange(long seconds) {
        return seconds > -RANGE && seconds < RANGE;
    }

    /** Seconds that a zone is ahead of UTC at a time. */
    static int offset(long seconds, ZoneId zone) {
        return zone.getRules()
                .getOffset(Instant.ofEpochSecond(sameRules(seconds)))
                .getTotalSeconds();
    }

    long seconds() {
        return time.seconds() - offset;
    }

    /** A time within the years that Java's clocks have, whose rules are the same. */
    private static long sameRules(long seconds) {
        if (seconds > CYCLE) {
            return CYCLE + seconds % CYCLE;
        }
        return Math.max(seconds, -CYCLE * 10);
    }

    /** The usual abbreviation where there is one, else the offset as the tz database writes it. */
    private static String name(long seconds, ZoneId zone, int offset) {
        ZoneRules rules = zone.getRules();
        if (rules.isFixedOffset() && offset == 0) {
            return "UTC";
        }
        boolean summer = rules.isDaylightSavings(Instant.ofEpochSecond(seconds));
        String name = TimeZone.getTimeZone(zone).getDisplayName(summer, TimeZone.SHORT, Locale.US);
        return name.chars().allMatch(Character::isLetter) ? name : numeric(offset);
    }

    private static String numeric(int offset) {
        String text = hoursAndMinutes(offset);
        return text.endsWith("00") ? text.substring(0, 3) : text;
    }

    /** The offset as {@code %z} has it. */
    static String hoursAndMinutes(int offset) {
        int minutes = Math.abs(offset) / 60;
        String digits = Integer.toString(10_000 + minutes / 60 * 100 + minutes % 60);
        return (offset < 0 ? "-" : "+") + digits.substring(1);
    }
}
