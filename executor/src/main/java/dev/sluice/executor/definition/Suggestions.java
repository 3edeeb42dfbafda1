package dev.sluice.executor.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What someone who mistyped a name may have meant. */
final class Suggestions {

    private static final int MOST_EDITS = 2;
    private static final int LETTERS_PER_EDIT = 3;
    private static final int LONGEST_NAME = 100;

    private Suggestions() {}

    /** {@code  (did you mean 'while'?)}, or nothing when no candidate is near. */
    static String didYouMean(String name, Collection<String> candidates) {
        Optional<String> nearest = name.length() > LONGEST_NAME
                ? Optional.empty()
                : candidates.stream()
                        .filter(candidate -> near(name, candidate))
                        .min(Comparator.<String>comparingInt(candidate -> edits(name, candidate))
                                .thenComparing(Comparator.naturalOrder()));
        return nearest.map(candidate -> " (did you mean '" + candidate + "'?)").orElse("");
    }

    private static boolean near(String name, String candidate) {
        int longest = Math.max(name.length(), candidate.length());
        return candidate.length() <= LONGEST_NAME
                && edits(name, candidate) <= Math.min(MOST_EDITS, longest / LETTERS_PER_EDIT);
    }

    /** Edits (insert, delete, replace, swap of neighbours) from one to the other, upper and lower case alike. */
    private static int edits(String from, String to) {
        String a = from.toLowerCase(Locale.ROOT);
        String b = to.toLowerCase(Locale.ROOT);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
