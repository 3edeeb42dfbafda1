package dev.sluice.executor.expression.date;

import dev.sluice.executor.expression.limit.Budget;
import java.util.List;
import java.util.function.IntConsumer;

/** Reads one time as glibc's {@code strptime} does in the C locale. Spaces before numbers and signs are skipped. */
final class TimeParser {

    private final String text;
    private final Budget budget;
    private final ParsedTime time = new ParsedTime();
    private int at;

    TimeParser(String text, Budget budget) {
        this.text = text;
        this.budget = budget;
    }

    static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    BrokenDown result() {
        return time.completed();
    }

    /** What has not been read. */
    String rest() {
        return text.substring(at);
    }

    /** Whether the text begins as the format says. */
    boolean parse(String format) {
        int i = 0;
        while (i < format.length()) {
            budget.step();
            char c = format.charAt(i);
            if (isSpace(c)) {
                skipSpace();
                i++;
            } else if (c == '%') {
                Specifier specifier = Specifier.at(format, i);
                if (!specifier.isRead() || !convert(specifier.conversion())) {
                    return false;
                }
                i = specifier.end();
            } else if (literal(c)) {
                i++;
            } else {
                return false;
            }
        }
        return true;
    }

    private boolean convert(char conversion) {
        String composition = Names.composition(conversion);
        if (!composition.isEmpty()) {
            return parse(composition);
        }
        return switch (conversion) {
            case 'a', 'A' -> name(Names.DAYS, time::weekday);
            case 'b', 'B', 'h' -> name(Names.MONTHS, time::month);
            case 'p' -> name(List.of("AM", "PM"), time::half);
            case 'n', 't' -> space();
            case '%' -> literal('%');
            case 's' -> seconds();
            case 'Z' -> zone();
            case 'z' -> offset();
            case 'G' -> isoYear();
            default -> number(conversion);
        };
    }

    private boolean number(char conversion) {
        return switch (conversion) {
            case 'C' -> number(0, 99, 2, time::century);
            case 'd', 'e' -> number(1, 31, 2, time::day);
            case 'g' -> number(0, 99, 2, ignored -> {});
            case 'H', 'k' -> number(0, 23, 2, time::hour);
            case 'I', 'l' -> number(1, 12, 2, time::halfHour);
            case 'j' -> number(1, 366, 3, day -> time.yearday(day - 1));
            case 'm' -> number(1, 12, 2, month -> time.month(month - 1));
            case 'M' -> number(0, 59, 2, time::minute);
            case 'S' -> number(0, 61, 2, time::second);
            case 'u' -> number(1, 7, 1, day -> time.weekday(day % 7));
            case 'U' -> number(0, 53, 2, week -> time.week(week, false));
            case 'V' -> number(0, 53, 2, ignored -> {});
            case 'w' -> number(0, 6, 1, time::weekday);
            case 'W' -> number(0, 53, 2, week -> time.week(week, true));
            case 'y' -> number(0, 99, 2, time::yearOfCentury);
            case 'Y' -> number(0, 9999, 4, time::year);
            default -> false;
        };
    }

    /** Reads as many digits as may be, and as can be part of a number in the range. */
    private boolean number(int least, int most, int digits, IntConsumer field) {
        while (at < text.length() && text.charAt(at) == ' ') {
            budget.look(++at);
        }
        int from = at;
        int value = 0;
        while (at < text.length() && at - from < digits && isDigit(text.charAt(at)) && value * 10 <= most) {
            value = value * 10 + text.charAt(at++) - '0';
        }
        if (at == from || value < least || value > most) {
            return false;
        }
        field.accept(value);
        return true;
    }

    /** A whole name or an abbreviation, in whatever case. */
    private boolean name(List<String> names, IntConsumer field) {
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (ignoringCase(name) || (name.length() > Names.SHORT && ignoringCase(Names.abbreviated(name)))) {
                field.accept(i);
                return true;
            }
        }
        return false;
    }

    private boolean ignoringCase(String name) {
        boolean matches = text.regionMatches(true, at, name, 0, name.length());
        at += matches ? name.length() : 0;
        return matches;
    }

    private boolean literal(char c) {
        boolean matches = at < text.length() && text.charAt(at) == c;
        at += matches ? 1 : 0;
        return matches;
    }

    private boolean space() {
        skipSpace();
        return true;
    }

    private void skipSpace() {
        while (at < text.length() && isSpace(text.charAt(at))) {
            budget.look(++at);
        }
    }

    private boolean seconds() {
        int from = at;
        long value = 0;
        while (at < text.length() && isDigit(text.charAt(at)) && Zoned.isInRange(value)) {
            value = value * 10 + text.charAt(at++) - '0';
        }
        return at > from && Zoned.isInRange(value) && time.seconds(value);
    }

    /** A word that is not looked at. */
    private boolean zone() {
        skipSpace();
        while (at < text.length() && !isSpace(text.charAt(at))) {
            budget.look(++at);
        }
        return true;
    }

    /** An offset that is read but not applied: {@code Z}, {@code +01}, {@code +0130}, {@code +01:30}. */
    private boolean offset() {
        skipSpace();
        if (literal('Z')) {
            return true;
        }
        if (!literal('+') && !literal('-')) {
            return false;
        }
        int digits = 0;
        int value = 0;
        while (at < text.length() && digits < 4 && isDigit(text.charAt(at))) {
            value = value * 10 + text.charAt(at++) - '0';
            if (++digits == 2 && at + 1 < text.length() && text.charAt(at) == ':' && isDigit(text.charAt(at + 1))) {
                at++;
            }
        }
        return digits == 2 || (digits == 4 && value % 100 < 60);
    }

    /** Read but not looked at, whatever its length. */
    private boolean isoYear() {
        int from = at;
        while (at < text.length() && isDigit(text.charAt(at))) {
            budget.look(++at);
        }
        return at > from;
    }
}
