package dev.sluice.executor.definition;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A text of an event filter: it matches the same text and, when it reads as a regular expression (RE2, so its time is
 * linear in the value's length), each value that it matches as a whole.
 *
 * @param text    as the author wrote it
 * @param pattern absent when the text has nothing of a regular expression but dots
 */
record ValuePattern(String text, @Nullable Pattern pattern) {

    private static final String METACHARACTERS = "\\^$*+?()[]{}|";

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException when it is a malformed regular expression, with the reason
     */
    static ValuePattern of(String text) {
        if (!hasMetacharacters(text)) {
            return new ValuePattern(text, null);
        }
        try {
            return new ValuePattern(text, Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("invalid regular expression: " + e.getDescription(), e);
        }
    }

    static boolean hasMetacharacters(String text) {
        return text.chars().anyMatch(c -> METACHARACTERS.indexOf(c) >= 0);
    }

    boolean matches(String value) {
        return text.equals(value) || (pattern != null && pattern.matches(value));
    }

    /** The expectation in words. */
    String expected() {
        return pattern == null ? "'" + text + '\'' : "a match of '" + text + '\'';
    }
}
