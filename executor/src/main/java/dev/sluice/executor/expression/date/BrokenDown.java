package dev.sluice.executor.expression.date;

/**
 * A time in parts, as C's {@code struct tm} has it but for the year, which is whole. Its fields are whatever a program put there
 * until it is {@link #normalized}.
 *
 * @param month   from 0
 * @param weekday from Sunday, which is 0
 * @param yearday from 0
 */
record BrokenDown(long year, int month, int day, int hour, int minute, int second, int weekday, int yearday) {

    private static final int MONTHS = 12;
    private static final int SECONDS_OF_DAY = 86_400;

    /** In UTC, or in whatever zone the seconds were moved to. */
    static BrokenDown of(long seconds) {
        long days = Math.floorDiv(seconds, (long) SECONDS_OF_DAY);
        int rest = (int) Math.floorMod(seconds, (long) SECONDS_OF_DAY);
        Calendar.Day day = Calendar.day(days);
        return new BrokenDown(
                day.year(),
                day.month(),
                day.day(),
                rest / 3_600,
                rest / 60 % 60,
                rest % 60,
                Calendar.weekday(days),
                Calendar.yearday(day.year(), day.month(), day.day()));
    }

    /** Seconds since 1970, if the fields are of UTC; those beyond their ranges count on, as C's {@code timegm} does. */
    long seconds() {
        long whole = year + Math.floorDiv(month, MONTHS);
        long days = Calendar.days(whole, Math.floorMod(month, MONTHS), day);
        return days * SECONDS_OF_DAY + hour * 3_600L + minute * 60L + second;
    }

    /** The same time with all fields in their ranges, and the right day of the week and of the year. */
    BrokenDown normalized() {
        return of(seconds());
    }

    /** Whether C could tell the year. */
    boolean isRepresentable() {
        return year - 1_900 == (int) (year - 1_900);
    }
}
