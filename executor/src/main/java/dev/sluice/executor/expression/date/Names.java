package dev.sluice.executor.expression.date;

import java.util.List;

/** Names of the C locale. */
final class Names {

    static final List<String> DAYS =
            List.of("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday");

    static final List<String> MONTHS = List.of(
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December");

    /** Characters of an abbreviation. */
    static final int SHORT = 3;

    private Names() {}

    static String abbreviated(String name) {
        return name.substring(0, SHORT);
    }

    /** What a composed conversion stands for; empty for others. */
    static String composition(char conversion) {
        return switch (conversion) {
            case 'c' -> "%a %b %e %H:%M:%S %Y";
            case 'D', 'x' -> "%m/%d/%y";
            case 'F' -> "%Y-%m-%d";
            case 'r' -> "%I:%M:%S %p";
            case 'R' -> "%H:%M";
            case 'T', 'X' -> "%H:%M:%S";
            default -> "";
        };
    }
}
