package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.LimitException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled pattern, in the syntax that jq gives Oniguruma (Perl_NG, all groups capture), over Unicode's characters. Of several
 * matches at a place, the first in the order in which Perl tries them counts. Immutable and thread-safe.
 *
 * <p>What Oniguruma does and this does not: subexpression calls, conditionals, absent operators, callouts, \X and \y, which are
 * refused; and ignoring case where one character is two in the other case (ß and SS), which does not match. A match takes steps
 * in proportion to the text and the pattern, unless the pattern has back references, looks around or has atomic groups.
 */
public final class Regex {

    /** UTF-16 units of a pattern. */
    private static final int LONGEST = 65_536;

    private final Program program;
    private final Starts starts;
    private final Flags flags;
    private final List<@Nullable String> groups;

    private Regex(Program program, Starts starts, Flags flags, List<@Nullable String> groups) {
        this.program = program;
        this.starts = starts;
        this.flags = flags;
        this.groups = groups;
    }

    /**
     * Compiles a pattern of up to 65,536 units, whose repetitions written out make up to 50,000 instructions.
     *
     * @param flags jq's letters, of which g means nothing here
     * @throws RegexException for letters that are none, what is no pattern, and what is not supported
     * @throws LimitException when the budget runs out
     */
    public static Regex compile(String pattern, String flags, Budget budget) {
        Flags parsedFlags = Flags.parse(flags);
        if (pattern.length() > LONGEST) {
            throw RegexException.invalid(pattern, "longer than " + LONGEST + " characters");
        }
        budget.characters(pattern.length());
        RegexParser.Parsed parsed = RegexParser.parse(pattern, parsedFlags.modes(), budget);
        Program program = Compiler.compile(pattern, parsed, budget);
        return new Regex(program, Starts.of(parsed.node()), parsedFlags, parsed.names());
    }

    /** Names of the groups from 1 on in their order, null for those without one. Several may have the same. */
    public List<@Nullable String> groups() {
        return groups;
    }

    /**
     * The first match that begins at {@code from} or after it, null if there is none. What is before {@code from} is seen by ^,
     * \b and what looks behind. With the flag l it is the first of the longest.
     *
     * @param from UTF-16 index; null comes back if it is beyond the end
     * @throws LimitException when the budget runs out; each instruction is a step
     */
    public @Nullable Match find(String text, int from, Budget budget) {
        return find(text, from, budget, Matcher.EASY);
    }

    /** With another patience, for tests. */
    @Nullable
    Match find(String text, int from, Budget budget, long patience) {
        if (from < 0) {
            throw new IllegalArgumentException("from: " + from + " (expected: >= 0)");
        }
        budget.step();
        int first = starts.next(text, from, from, budget);
        return first < 0 ? null : new Matcher(program, flags, text, from, budget, patience).find(starts, first);
    }
}
