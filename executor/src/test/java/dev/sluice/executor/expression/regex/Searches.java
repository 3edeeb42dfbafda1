package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;
import dev.sluice.executor.expression.limit.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Searches of tests, and what they found in words. */
final class Searches {

    private Searches() {}

    static Budget budget() {
        return budget(20_000_000);
    }

    /** With so many steps, and time enough for them. */
    static Budget budget(long steps) {
        Limits limits = new Limits(steps, 256 << 20, 1_000, 1_000, 1 << 20, 100, Duration.ofMinutes(5));
        return new Budget(limits, () -> false);
    }

    static Regex compile(String pattern, String flags) {
        return Regex.compile(pattern, flags, budget());
    }

    /** "none", or start and end of the whole and of each group, "-" for one that took no part. */
    static String find(String pattern, String flags, String text, int from) {
        return words(compile(pattern, flags).find(text, from, budget()));
    }

    static String words(@Nullable Match match) {
        if (match == null) {
            return "none";
        }
        List<String> words = new ArrayList<>();
        for (int group = 0; group <= match.groupCount(); group++) {
            words.add(match.start(group) < 0 ? "-" : match.start(group) + "-" + match.end(group));
        }
        return String.join(" ", words);
    }
}
