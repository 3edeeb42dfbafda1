package dev.sluice.executor.expression.date;

/** What has been read of a time so far, and what follows from it. */
final class ParsedTime {

    /** C's year 0. */
    private static final int BASE = 1_900;

    /** Two digits from here on are of the twentieth century. */
    private static final int PIVOT = 69;

    private static final int UNKNOWN_WEEKDAY = 8;
    private static final int UNKNOWN_YEARDAY = 367;
    private static final int MONTHS = 12;

    private int year = BASE;
    private int month;
    private int day;
    private int hour;
    private int minute;
    private int second;
    private int weekday = UNKNOWN_WEEKDAY;
    private int yearday = UNKNOWN_YEARDAY;

    private int century = -1;
    private boolean yearWithinCentury;
    private boolean twelveHours;
    private boolean afternoon;
    private boolean dated;
    private boolean hasMonth;
    private boolean hasDay;
    private boolean hasWeekday;
    private boolean hasYearday;
    private boolean hasWeek;
    private boolean fromMonday;
    private int week;

    void year(int value) {
        year = value;
        yearWithinCentury = false;
        dated = true;
    }

    void yearOfCentury(int value) {
        year = BASE + (value < PIVOT ? value + 100 : value);
        yearWithinCentury = true;
        dated = true;
    }

    void century(int value) {
        century = value;
        dated = true;
    }

    void month(int value) {
        month = value;
        hasMonth = true;
        dated = true;
    }

    void day(int value) {
        day = value;
        hasDay = true;
        dated = true;
    }

    void weekday(int value) {
        weekday = value;
        hasWeekday = true;
    }

    void yearday(int value) {
        yearday = value;
        hasYearday = true;
    }

    void week(int value, boolean monday) {
        week = value;
        fromMonday = monday;
        hasWeek = true;
    }

    void hour(int value) {
        hour = value;
        twelveHours = false;
    }

    void halfHour(int value) {
        hour = value % 12;
        twelveHours = true;
    }

    void half(int value) {
        afternoon = value == 1;
    }

    void minute(int value) {
        minute = value;
    }

    void second(int value) {
        second = value;
    }

    /** All fields at once, in UTC; whether there is such a year. */
    boolean seconds(long value) {
        BrokenDown time = BrokenDown.of(value);
        year = (int) time.year();
        month = time.month();
        day = time.day();
        hour = time.hour();
        minute = time.minute();
        second = time.second();
        weekday = time.weekday();
        yearday = time.yearday();
        return time.isRepresentable() && time.year() == year;
    }

    BrokenDown completed() {
        if (twelveHours && afternoon) {
            hour += 12;
        }
        if (century >= 0) {
            year = century * 100 + (yearWithinCentury ? year % 100 : 0);
        }
        if (dated && !hasWeekday) {
            dateFromYearday();
            weekday = Calendar.weekday(Calendar.days(year, month, day));
        }
        if (dated && !hasYearday) {
            yearday = Calendar.yearday(year, month, day);
        }
        if (hasWeek && hasWeekday) {
            dateFromWeek();
        }
        return new BrokenDown(year, month, day, hour, minute, second, weekday, yearday);
    }

    private void dateFromYearday() {
        if (hasYearday && !(hasMonth && hasDay)) {
            dateOf(yearday);
        }
    }

    private void dateFromWeek() {
        int first = Calendar.weekday(Calendar.days(year, 0, 1));
        int offset = fromMonday ? 1 : 0;
        if (!hasYearday) {
            yearday = (7 - (first - offset)) % 7 + (week - 1) * 7 + (weekday - offset + 7) % 7;
        }
        if (!hasDay || !hasMonth) {
            dateOf(yearday);
        }
    }

    /** Whichever of month and day has not been read. Days before the year stay within its first month. */
    private void dateOf(int ofYear) {
        int of = 0;
        while (of < MONTHS - 1 && Calendar.before(year, of + 1) <= ofYear) {
            of++;
        }
        month = hasMonth ? month : of;
        day = hasDay ? day : ofYear - Calendar.before(year, of) + 1;
        hasMonth = true;
        hasDay = true;
    }
}
