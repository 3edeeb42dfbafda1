package dev.sluice.executor.expression.builtin;

import dev.sluice.executor.expression.value.JqException;
import java.nio.charset.StandardCharsets;

/** The errors of reading JSON, with their places as jq has them: the line, and the bytes of it that were read. */
final class JsonErrors {

    private JsonErrors() {}

    /** After the characters before an index were read. */
    static JqException at(String text, String what, int end) {
        return of(text, what + place(text, end));
    }

    /** When there is no more to read. */
    static JqException atEnd(String text, String what) {
        return of(text, what + " at EOF" + place(text, text.length()));
    }

    /** Without a place. */
    static JqException anywhere(String text, String what) {
        return of(text, what);
    }

    private static String place(String text, int end) {
        long line = 1 + text.substring(0, end).chars().filter(c -> c == '\n').count();
        int start = Math.max(text.startsWith("\uFEFF") ? 1 : 0, text.lastIndexOf('\n', end - 1) + 1);
        int column = text.substring(Math.min(start, end), end).getBytes(StandardCharsets.UTF_8).length;
        return " at line " + line + ", column " + column;
    }

    private static JqException of(String text, String what) {
        return new JqException(what + " (while parsing '" + text + "')");
    }
}
