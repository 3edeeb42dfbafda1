package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.value.JqException;

/** Reads one string of JSON. What is wrong within it is told of at its end, as jq does. */
final class StringReader {

    private static final int HEX = 16;
    private static final int HEX_DIGITS = 4;
    private static final char REPLACEMENT = '\uFFFD';

    private final String text;
    private final Budget budget;
    private final int start;
    private int end;
    private int at;

    /** A string that begins after the quote before an index. */
    StringReader(String text, int start, Budget budget) {
        this.text = text;
        this.start = start;
        this.budget = budget;
    }

    /** After the quote at its end. */
    int end() {
        return end + 1;
    }

    String read() {
        boolean plain = true;
        for (end = start; end < text.length() && text.charAt(end) != '"'; end++) {
            budget.look(end);
            plain &= text.charAt(end) != '\\' && text.charAt(end) >= ' ';
            end += text.charAt(end) == '\\' ? 1 : 0;
        }
        budget.steps(((end - start) >> 4) + 1);
        if (end >= text.length()) {
            throw JsonErrors.atEnd(text, "Unfinished string");
        }
        return plain ? text.substring(start, end) : unescaped();
    }

    private String unescaped() {
        budget.characters(end - start);
        StringBuilder string = new StringBuilder(end - start);
        for (at = start; at < end; ) {
            budget.look(at);
            char c = text.charAt(at++);
            if (c < ' ') {
                throw failed("Invalid string: control characters from U+0000 through U+001F must be escaped");
            }
            if (c == '\\') {
                escaped(string);
            } else {
                string.append(c);
            }
        }
        return string.toString();
    }

    private void escaped(StringBuilder string) {
        char c = text.charAt(at++);
        if (c == 'u') {
            point(string);
            return;
        }
        string.append(
                switch (c) {
                    case '"', '\\', '/' -> c;
                    case 'b' -> '\b';
                    case 'f' -> '\f';
                    case 'n' -> '\n';
                    case 'r' -> '\r';
                    case 't' -> '\t';
                    default -> throw failed("Invalid escape");
                });
    }

    /** The second half of a pair stands for no character on its own; the first is refused. */
    private void point(StringBuilder string) {
        char unit = unit();
        if (!Character.isSurrogate(unit)) {
            string.append(unit);
        } else if (Character.isLowSurrogate(unit)) {
            string.append(REPLACEMENT);
        } else {
            boolean pair = text.startsWith("\\u", at) && at + 2 + HEX_DIGITS <= end;
            at += 2;
            char low = pair ? unit() : unit;
            if (!Character.isLowSurrogate(low)) {
                throw failed("Invalid \\uXXXX\\uXXXX surrogate pair escape");
            }
            string.append(unit).append(low);
        }
    }

    private char unit() {
        if (at + HEX_DIGITS > end) {
            throw failed("Invalid \\uXXXX escape");
        }
        int unit = 0;
        for (int stop = at + HEX_DIGITS; at < stop; at++) {
            int digit = text.charAt(at) < 0x80 ? Character.digit(text.charAt(at), HEX) : -1;
            if (digit < 0) {
                throw failed("Invalid characters in \\uXXXX escape");
            }
            unit = unit * HEX + digit;
        }
        return (char) unit;
    }

    private JqException failed(String what) {
        return JsonErrors.at(text, what, end());
    }
}
