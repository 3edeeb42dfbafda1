package dev.sluice.executor.expression.date;

/**
 * One conversion of a format, from its percent sign.
 *
 * @param pad        the last of the flags {@code _ - 0}, or 0
 * @param upper      by {@code ^}
 * @param swapped    by {@code #}
 * @param width      -1 for none; {@link #WIDEST} at most
 * @param modifier   E or O, or 0
 * @param conversion 0 if the format ends before
 * @param end        index after it
 */
record Specifier(char pad, boolean upper, boolean swapped, int width, char modifier, char conversion, int end) {

    /** More than any text may be long. */
    static final int WIDEST = 1_000_000_000;

    static final char NONE = 0;

    static Specifier at(String format, int percent) {
        int at = percent + 1;
        char pad = NONE;
        boolean upper = false;
        boolean swapped = false;
        for (; at < format.length() && "_-0^#".indexOf(format.charAt(at)) >= 0; at++) {
            char flag = format.charAt(at);
            upper |= flag == '^';
            swapped |= flag == '#';
            pad = flag == '^' || flag == '#' ? pad : flag;
        }
        int width = -1;
        for (; at < format.length() && TimeParser.isDigit(format.charAt(at)); at++) {
            width = (int) Math.min(WIDEST, Math.max(0, width) * 10L + format.charAt(at) - '0');
        }
        char modifier = at < format.length() && "EO".indexOf(format.charAt(at)) >= 0 ? format.charAt(at++) : NONE;
        char conversion = at < format.length() ? format.charAt(at++) : NONE;
        return new Specifier(pad, upper, swapped, width, modifier, conversion, at);
    }

    /** Whether the modifier goes with the conversion when a time is written. */
    boolean isWritten() {
        return switch (modifier) {
            case 'E' -> "aAbBdDeFgGhHIjklmMSUVwW".indexOf(conversion) < 0;
            case 'O' -> "aAcDFxXY".indexOf(conversion) < 0;
            default -> true;
        };
    }

    /** Whether the modifier goes with the conversion when a time is read. */
    boolean isRead() {
        return switch (modifier) {
            case 'E' -> "cCxXY".indexOf(conversion) >= 0;
            case 'O' -> "bBdehHImMSUVwWy".indexOf(conversion) >= 0;
            default -> true;
        };
    }
}
