package dev.sluice.executor.expression.regex;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Characters that differ in case only: Unicode's simple folding, one character to one. (Full folding, by which "ß" is "ss",
 * is not done.)
 */
final class CaseFold {

    private static final int[] NONE = {};
    /** No character above has a case. */
    private static final int LAST = 0x1FFFF;

    private static final int DOTTED_I = 0x130;
    private static final int DOTLESS_I = 0x131;

    private CaseFold() {}

    /** The one that stands for all that differ in case only. */
    static int fold(int character) {
        if (character < 128) {
            return character >= 'A' && character <= 'Z' ? character + 32 : character;
        }
        // Folding them is for Turkish only.
        if (character == DOTTED_I || character == DOTLESS_I) {
            return character;
        }
        return Character.toLowerCase(Character.toUpperCase(character));
    }

    /** All others that differ from it in case only. The array is shared. */
    static int[] variants(int character) {
        if (character < 128 && !Character.isLetter(character)) {
            return NONE;
        }
        return Table.VARIANTS.getOrDefault(character, NONE);
    }

    private static final class Table {
        static final Map<Integer, int[]> VARIANTS = read();

        /** Some milliseconds, once. */
        private static Map<Integer, int[]> read() {
            Map<Integer, List<Integer>> folded = new HashMap<>();
            for (int c = 0; c <= LAST; c++) {
                int to = fold(c);
                if (to != c) {
                    folded.computeIfAbsent(to, key -> new ArrayList<>(List.of(key)))
                            .add(c);
                }
            }
            Map<Integer, int[]> variants = new HashMap<>();
            for (List<Integer> all : folded.values()) {
                for (int each : all) {
                    variants.put(
                            each,
                            all.stream().mapToInt(c -> c).filter(c -> c != each).toArray());
                }
            }
            return variants;
        }
    }
}
