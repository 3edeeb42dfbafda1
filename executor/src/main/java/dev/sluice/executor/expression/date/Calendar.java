package dev.sluice.executor.expression.date;

/** The Gregorian calendar, before it was introduced as well, for all years that fit in 33 bits. */
final class Calendar {

    /** Days before each month of a year that is none of a leap day. */
    private static final int[] BEFORE = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365};

    /** Of 400 years. */
    private static final long CYCLE = 146_097;

    /** From the first of March of the year 0 to 1970. */
    private static final long EPOCH = 719_468;

    /** From the first day of the year 1 to 1970. */
    private static final long FIRST = 719_162;

    private static final int FEBRUARY = 1;
    private static final int THURSDAY = 4;

    private Calendar() {}

    /** Days since 1970 of the day of a month from 0; days beyond the month count on. */
    static long days(long year, int month, int day) {
        long before = year - 1;
        long leapDays = Math.floorDiv(before, 4L) - Math.floorDiv(before, 100L) + Math.floorDiv(before, 400L);
        return before * 365 + leapDays - FIRST + before(year, month) + day - 1;
    }

    /** The day of the year, from 0. */
    static int yearday(long year, int month, int day) {
        return before(year, month) + day - 1;
    }

    /** Days of the year before a month; the month 12 is the next year. */
    static int before(long year, int month) {
        return BEFORE[month] + (month > FEBRUARY && leap(year) ? 1 : 0);
    }

    static boolean leap(long year) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    /** From Sunday, which is 0. */
    static int weekday(long days) {
        return (int) Math.floorMod(days + THURSDAY, 7L);
    }

    /** The date of a number of days since 1970; years are counted from March, so that the leap day is the last. */
    static Day day(long days) {
        long shifted = days + EPOCH;
        long cycle = Math.floorDiv(shifted, CYCLE);
        long ofCycle = Math.floorMod(shifted, CYCLE);
        long ofYears = (ofCycle - ofCycle / 1_460 + ofCycle / 36_524 - ofCycle / 146_096) / 365;
        int ofYear = (int) (ofCycle - (365 * ofYears + ofYears / 4 - ofYears / 100));
        int march = (5 * ofYear + 2) / 153;
        int month = march < 10 ? march + 2 : march - 10;
        return new Day(cycle * 400 + ofYears + (month <= FEBRUARY ? 1 : 0), month, ofYear - (153 * march + 2) / 5 + 1);
    }

    /** A date; months are from 0. */
    record Day(long year, int month, int day) {}
}
