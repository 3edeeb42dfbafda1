package dev.sluice.executor.expression.regex;

/** Reads a pattern, character by character. */
final class Source {

    /** What is read after the last character. */
    static final int END = -1;

    private final String pattern;
    private int at;

    Source(String pattern) {
        this.pattern = pattern;
    }

    int peek() {
        return at < pattern.length() ? pattern.codePointAt(at) : END;
    }

    int next() {
        int c = peek();
        if (c != END) {
            at += Character.charCount(c);
        }
        return c;
    }

    boolean looksAt(String text) {
        return pattern.startsWith(text, at);
    }

    /** Takes the text if it comes next. */
    boolean take(String text) {
        boolean next = looksAt(text);
        at += next ? text.length() : 0;
        return next;
    }

    boolean take(char c) {
        boolean next = at < pattern.length() && pattern.charAt(at) == c;
        at += next ? 1 : 0;
        return next;
    }

    /** Takes the character that comes next and was seen. */
    void skip() {
        at += Character.charCount(pattern.codePointAt(at));
    }

    /** Whether the text comes at all any more. */
    boolean has(String text) {
        return pattern.indexOf(text, at) >= 0;
    }

    /** Takes all before the end that is given, and that; throws for the reason if there is none. */
    String until(char end, String reason) {
        int to = pattern.indexOf(end, at);
        if (to < 0) {
            throw invalid(reason);
        }
        String taken = pattern.substring(at, to);
        at = to + 1;
        return taken;
    }

    /** Takes a number in a base, of up to so many digits; -1 if there is no digit. */
    int number(int base, int digits) {
        long value = 0;
        int from = at;
        while (at < pattern.length() && at - from < digits && digit(pattern.charAt(at), base) >= 0) {
            value = Math.min(Integer.MAX_VALUE, value * base + digit(pattern.charAt(at), base));
            at++;
        }
        return at == from ? -1 : (int) value;
    }

    /** For going back to. */
    int position() {
        return at;
    }

    void reset(int position) {
        at = position;
    }

    RegexException invalid(String reason) {
        return RegexException.invalid(pattern, reason);
    }

    private static int digit(char c, int base) {
        return c < 128 ? Character.digit(c, base) : -1;
    }
}
