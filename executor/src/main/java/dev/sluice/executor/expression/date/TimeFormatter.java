package dev.sluice.executor.expression.date;

import dev.sluice.executor.expression.limit.Budget;
import java.util.Locale;

/**
 * Writes one time as glibc's {@code strftime} does in the C locale, with its flags ({@code _ - 0 ^ #}) and widths. What is no
 * conversion stays as it is.
 */
final class TimeFormatter {

    /** Characters that a text may have beyond its format; jq has room for no more. */
    private static final int ROOM = 99;

    private static final int THURSDAY = 4;

    private final Zoned zoned;
    private final BrokenDown time;
    private final StringBuilder text;
    private final String format;
    private final int room;
    private final Budget budget;

    TimeFormatter(Zoned zoned, StringBuilder text, String format, Budget budget) {
        this.budget = budget;
        this.zoned = zoned;
        this.time = zoned.time();
        this.text = text;
        this.format = format;
        this.room = format.length() + ROOM;
    }

    /** Whether there was room for it. */
    boolean write() {
        write(format);
        return text.length() <= room;
    }

    private void write(String part) {
        int at = 0;
        while (at < part.length() && text.length() <= room) {
            budget.look(at);
            if (part.charAt(at) != '%') {
                text.append(part.charAt(at++));
                continue;
            }
            Specifier specifier = Specifier.at(part, at);
            if (specifier.width() > room) {
                text.repeat(' ', room + 1);
            } else if (!specifier.isWritten() || !convert(specifier)) {
                text.append(part, at, specifier.end());
            }
            at = specifier.end();
        }
    }

    /** Whether it is a conversion. */
    private boolean convert(Specifier specifier) {
        String composition = Names.composition(specifier.conversion());
        if (!composition.isEmpty()) {
            int from = text.length();
            write(composition);
            String composed = text.substring(from);
            text.setLength(from);
            string(composed, specifier, false);
            return true;
        }
        return names(specifier) || numbers(specifier) || week(specifier);
    }

    private boolean names(Specifier specifier) {
        switch (specifier.conversion()) {
            case 'a' -> string(Names.abbreviated(Names.DAYS.get(time.weekday())), specifier, true);
            case 'A' -> string(Names.DAYS.get(time.weekday()), specifier, true);
            case 'b', 'h' -> string(Names.abbreviated(Names.MONTHS.get(time.month())), specifier, true);
            case 'B' -> string(Names.MONTHS.get(time.month()), specifier, true);
            case 'p' -> {
                String half = time.hour() < 12 ? "AM" : "PM";
                string(specifier.swapped() ? half.toLowerCase(Locale.ROOT) : half, specifier, false);
            }
            case 'P' -> padded(time.hour() < 12 ? "am" : "pm", specifier);
            case 'Z' -> {
                String zone = zoned.zone();
                string(specifier.swapped() ? zone.toLowerCase(Locale.ROOT) : zone, specifier, false);
            }
            case 'z' -> offset(specifier);
            case 'n' -> padded("\n", specifier);
            case 't' -> padded("\t", specifier);
            case '%' -> padded("%", specifier);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean numbers(Specifier specifier) {
        int half = time.hour() % 12 == 0 ? 12 : time.hour() % 12;
        switch (specifier.conversion()) {
            case 'C' -> number(Math.floorDiv(time.year(), 100L), 1, '0', specifier);
            case 'd' -> number(time.day(), 2, '0', specifier);
            case 'e' -> number(time.day(), 2, '_', specifier);
            case 'H' -> number(time.hour(), 2, '0', specifier);
            case 'I' -> number(half, 2, '0', specifier);
            case 'j' -> number(time.yearday() + 1, 3, '0', specifier);
            case 'k' -> number(time.hour(), 2, '_', specifier);
            case 'l' -> number(half, 2, '_', specifier);
            case 'm' -> number(time.month() + 1, 2, '0', specifier);
            case 'M' -> number(time.minute(), 2, '0', specifier);
            case 's' -> number(zoned.seconds(), 1, '0', specifier);
            case 'S' -> number(time.second(), 2, '0', specifier);
            case 'y' -> number(Math.floorMod(time.year(), 100L), 2, '0', specifier);
            case 'Y' -> number(time.year(), 1, '0', specifier);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean week(Specifier specifier) {
        int monday = Math.floorMod(time.weekday() - 1, 7);
        switch (specifier.conversion()) {
            case 'u' -> number(monday + 1, 1, '0', specifier);
            case 'w' -> number(time.weekday(), 1, '0', specifier);
            case 'U' -> number((time.yearday() - time.weekday() + 7) / 7, 2, '0', specifier);
            case 'W' -> number((time.yearday() - monday + 7) / 7, 2, '0', specifier);
            case 'V' -> number(thursday(monday).yearday() / 7 + 1, 2, '0', specifier);
            case 'g' -> number(Math.floorMod(thursday(monday).year(), 100L), 2, '0', specifier);
            case 'G' -> number(thursday(monday).year(), 1, '0', specifier);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The Thursday of the week, which says the year that the week is of (ISO 8601). */
    private BrokenDown thursday(int monday) {
        int toThursday = THURSDAY - 1 - monday;
        return BrokenDown.of(Calendar.days(time.year(), time.month(), time.day() + toThursday) * 86_400);
    }

    private void string(String value, Specifier specifier, boolean upperIfSwapped) {
        boolean upper = specifier.upper() || (specifier.swapped() && upperIfSwapped);
        padded(upper ? value.toUpperCase(Locale.ROOT) : value, specifier);
    }

    private void padded(String value, Specifier specifier) {
        text.repeat(specifier.pad() == '0' ? '0' : ' ', Math.max(0, specifier.width() - value.length()));
        text.append(value);
    }

    /** Hours and minutes as one number, padded after its sign. */
    private void offset(Specifier specifier) {
        String offset = Zoned.hoursAndMinutes(zoned.offset());
        String digits = Integer.toString(Integer.parseInt(offset.substring(1)));
        int width = specifier.pad() == '-' ? 0 : Math.max(4, specifier.width() - 1);
        text.append(offset.charAt(0));
        text.repeat(specifier.pad() == '_' ? ' ' : '0', Math.max(0, width - digits.length()))
                .append(digits);
    }

    private void number(long value, int digits, char pad, Specifier specifier) {
        String size = Long.toString(Math.abs(value));
        String sign = value < 0 ? "-" : "";
        char padding = specifier.pad() == Specifier.NONE ? pad : specifier.pad();
        int width = padding == '-' ? specifier.width() : Math.max(digits, specifier.width());
        int missing = Math.max(0, width - sign.length() - size.length());
        if (padding == '0') {
            text.append(sign).repeat('0', missing).append(size);
        } else {
            text.repeat(' ', missing).append(sign).append(size);
        }
    }
}
