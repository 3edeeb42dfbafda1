package dev.sluice.shared.problem;

import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong, and where.
 *
 * @param pointer JSON Pointer (RFC 6901) to the place, the empty string for the whole document
 * @param line    1-based line in the text as it was sent, absent where the text has no lines worth naming
 * @param column  1-based column, present exactly when {@code line} is
 * @param detail  what is wrong and what would be right
 */
public record Violation(
        String pointer, @Nullable Integer line, @Nullable Integer column, String detail) {

    /** A violation at a place that has a pointer only. */
    public static Violation at(String pointer, String detail) {
        return new Violation(pointer, null, null, detail);
    }
}
