package dev.sluice.executor.expression.regex;

import org.jspecify.annotations.Nullable;

/**
 * What can be switched within a pattern, as in Perl.
 *
 * @param ignoreCase (?i) letters match in any case
 * @param extended   (?x) white space and comments are not part of the pattern
 * @param dotAll     (?s) a dot matches a newline too
 * @param multiLine  (?m) ^ and $ match at each line
 */
record Modes(boolean ignoreCase, boolean extended, boolean dotAll, boolean multiLine) {

    /** With one of them switched; null for a letter that is none. */
    @Nullable
    Modes with(int letter, boolean on) {
        return switch (letter) {
            case 'i' -> new Modes(on, extended, dotAll, multiLine);
            case 'x' -> new Modes(ignoreCase, on, dotAll, multiLine);
            case 's' -> new Modes(ignoreCase, extended, on, multiLine);
            case 'm' -> new Modes(ignoreCase, extended, dotAll, on);
            default -> null;
        };
    }
}
