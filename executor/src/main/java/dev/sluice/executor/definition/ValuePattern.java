package dev.sluice.executor.definition;

import dev.sluice.executor.expression.Allowance;
import dev.sluice.executor.expression.ExpressionException;
import dev.sluice.executor.expression.regex.Regex;
import dev.sluice.executor.expression.regex.RegexException;
import org.jspecify.annotations.Nullable;

/**
 * A text of an event filter: it matches the same text and, when it reads as a regular expression, each value that it matches as a
 * whole. That is the engine's own matcher, so that what it takes counts as work of the evaluation it is part of.
 *
 * @param text    as the author wrote it
 * @param pattern absent when the text has nothing of a regular expression but dots
 */
record ValuePattern(String text, @Nullable Regex pattern) {

    private static final String METACHARACTERS = "\\^$*+?()[]{}|";

    /**
     * Reads a text.
     *
     * @throws IllegalArgumentException when it is a malformed regular expression, or one that takes too much work, with the reason
     */
    static ValuePattern of(String text) {
        if (!hasMetacharacters(text)) {
            return new ValuePattern(text, null);
        }
        try {
            // By itself first: what closes a group that it did not open is no expression.
            var _ = compiled(text);
            return new ValuePattern(text, compiled("\\A(?:" + text + ")\\z"));
        } catch (RegexException e) {
            throw new IllegalArgumentException("invalid regular expression: " + e.getMessage(), e);
        } catch (ExpressionException e) {
            throw new IllegalArgumentException("the regular expression takes too much work: " + e.detail(), e);
        }
    }

    private static Regex compiled(String text) {
        return Allowance.metered(budget -> Regex.compile(text, "", budget));
    }

    static boolean hasMetacharacters(String text) {
        return text.chars().anyMatch(c -> METACHARACTERS.indexOf(c) >= 0);
    }

    /**
     * Whether a value matches.
     *
     * @throws ExpressionException when that takes more work than an evaluation may
     */
    boolean matches(String value) {
        return text.equals(value)
                || (pattern != null && Allowance.metered(budget -> pattern.find(value, 0, budget) != null));
    }

    /** The expectation in words. */
    String expected() {
        return pattern == null ? "'" + text + '\'' : "a match of '" + text + '\'';
    }
}
