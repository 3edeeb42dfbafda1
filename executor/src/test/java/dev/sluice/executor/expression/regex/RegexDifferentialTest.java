package dev.sluice.executor.expression.regex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.executor.expression.limit.LimitException;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random patterns, of what means the same to Java, against Java's: the whole only, as what groups have that a loop passed once
 * more without taking anything is Java's own. And against themselves with notes of what failed.
 */
class RegexDifferentialTest {

    private static final int CASES = 20_000;
    private static final List<String> ATOMS =
            List.of("a", "b", "c", "a", "b", ".", "[ab]", "[^a]", "[a-b]", "\\d", "é", "(?i:B)", "\\bb", "😀");
    private static final List<String> QUANTIFIERS = List.of("*", "+", "?", "*?", "+?", "??", "*+", "?+");
    private static final List<String> COUNTS = List.of("{2}", "{1,2}", "{0,2}?", "{2,}");
    private static final List<String> LOOKS = List.of("(?=", "(?!", "(?<=", "(?<!", "(?>");

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void findsWhatJavaFinds() {
        int compared = 0;
        for (int i = 0; i < CASES; i++) {
            String pattern = pattern(1 + random.nextInt(5), true);
            // Java tries to match within a character of two units.
            String text = text().replace("😀", "");
            String found = find(Searches.compile(pattern, ""), text, Matcher.EASY);
            if (found != null) {
                compared++;
                java.util.regex.Matcher java = Pattern.compile(pattern, Pattern.UNICODE_CHARACTER_CLASS)
                        .matcher(text);
                assertThat(found + ' ')
                        .as("%s in \"%s\", seed %d", pattern, text, seed)
                        .startsWith(java.find() ? java.start() + "-" + java.end() + ' ' : "none ");
            }
        }
        assertThat(compared).isGreaterThan(CASES * 99 / 100);
    }

    @Test
    void findsTheSameGroupsWithNotesAndWithout() {
        int compared = 0;
        for (int i = 0; i < CASES; i++) {
            String pattern = pattern(2 + random.nextInt(5), false);
            Regex regex = Searches.compile(pattern, random.nextBoolean() ? "" : "n");
            String text = text();
            String plain = find(regex, text, Long.MAX_VALUE / 2);
            if (plain != null) {
                compared++;
                assertThat(find(regex, text, Long.MIN_VALUE / 2))
                        .as("%s in \"%s\", seed %d", pattern, text, seed)
                        .isEqualTo(plain);
            }
        }
        assertThat(compared).isGreaterThan(CASES * 95 / 100);
    }

    /** Null when it takes too long. */
    private static @Nullable String find(Regex regex, String text, long patience) {
        try {
            return Searches.words(regex.find(text, 0, Searches.budget(100_000), patience));
        } catch (LimitException e) {
            return null;
        }
    }

    private String pattern(int depth, boolean looks) {
        double kind = random.nextDouble();
        if (depth == 0 || kind < 0.3) {
            return pick(ATOMS);
        }
        if (kind < 0.55) {
            return pattern(depth - 1, looks) + pattern(depth - 1, looks);
        }
        if (kind < 0.68) {
            return "(" + pattern(depth - 1, looks) + "|" + pattern(depth - 1, looks) + ")";
        }
        if (kind < 0.72) {
            return "(?:" + pattern(depth - 1, looks) + "|)";
        }
        if (kind < 0.76 && looks) {
            return look(depth);
        }
        // Java ends a loop that took nothing before it went round as often as it should, so what is counted is never
        // empty.
        return kind < 0.8 ? pick(ATOMS) + pick(COUNTS) : "(" + pattern(depth - 1, looks) + ")" + pick(QUANTIFIERS);
    }

    private String look(int depth) {
        String look = pick(LOOKS);
        // Java looks behind at what has a greatest length only.
        return look + (look.startsWith("(?<") ? pick(ATOMS) : pattern(depth - 1, true)) + ")";
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(10);
        for (int i = 0; i < length; i++) {
            text.append(pick(List.of("a", "a", "a", "b", "b", "c", "1", "é", "\n", "😀")));
        }
        return text.toString();
    }

    private String pick(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }
}
