package dev.sluice.executor.expression.regex;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A set of characters: ranges, and properties, that each character is asked for. Immutable. */
final class CharSet {

    private static final Item[] NO_ITEMS = {};

    static final CharSet ANY = of(Property.Named.ANY, false);
    static final CharSet NOT_NEWLINE = of(0, '\n' - 1, '\n' + 1, Character.MAX_CODE_POINT);
    static final CharSet WORD = of(Property.Named.WORD, false);

    /** Which of the first 64 characters are in it, and which of the next. */
    private final long low;

    private final long high;
    /** First and last of each range, ascending and apart. */
    private final int[] ranges;

    private final Item[] items;
    private final boolean negated;
    private final boolean fold;

    private CharSet(int[] ranges, Item[] items, boolean negated, boolean fold) {
        this.ranges = ranges;
        this.items = items;
        this.negated = negated;
        this.fold = fold;
        this.low = bits(0);
        this.high = bits(64);
    }

    static CharSet of(Property property, boolean negated) {
        CharSet common = (negated ? Common.ALL_BUT : Common.ALL).get(property);
        return common == null ? with(property, negated) : common;
    }

    private static CharSet with(Property property, boolean negated) {
        Builder builder = new Builder();
        builder.property(property, negated);
        return builder.build(false, false);
    }

    /** One character, in all its cases when wanted. */
    static CharSet of(int character, boolean fold) {
        return new CharSet(new int[] {character, character}, NO_ITEMS, false, fold);
    }

    /** Ranges, by the first and the last of each, ascending and apart. */
    static CharSet of(int... ranges) {
        return new CharSet(ranges, NO_ITEMS, false, false);
    }

    boolean contains(int character) {
        if (character < 64) {
            return ((low >>> character) & 1) != 0;
        }
        if (character < 128) {
            return ((high >>> (character - 64)) & 1) != 0;
        }
        return search(character);
    }

    /** Which of the first 64 characters are in it. */
    long low() {
        return low;
    }

    /** Which of the characters 64 to 127 are in it. */
    long high() {
        return high;
    }

    /** Whether all that is in it is ASCII, as far as that is easily told. */
    boolean isAscii() {
        return !negated && !fold && items.length == 0 && (ranges.length == 0 || ranges[ranges.length - 1] < 128);
    }

    private long bits(int first) {
        long bits = 0;
        if (items.length == 0 && !fold) {
            for (int i = 0; i < ranges.length; i += 2) {
                int from = Math.max(0, ranges[i] - first);
                int to = Math.min(63, ranges[i + 1] - first);
                bits |= from <= to ? (-1L << from) & (-1L >>> (63 - to)) : 0;
            }
            return negated ? ~bits : bits;
        }
        for (int c = 0; c < 64; c++) {
            bits |= search(first + c) ? 1L << c : 0;
        }
        return bits;
    }

    private boolean search(int character) {
        boolean found = listed(character);
        if (!found && fold) {
            for (int variant : CaseFold.variants(character)) {
                found |= listed(variant);
            }
        }
        return found != negated;
    }

    private boolean listed(int character) {
        int at = Arrays.binarySearch(ranges, character);
        // An even place of insertion is before a range, an odd one within it.
        if (at >= 0 || (-at - 1) % 2 == 1) {
            return true;
        }
        for (Item item : items) {
            if (item.property.test(character) != item.negated) {
                return true;
            }
        }
        return false;
    }

    /** Those that patterns have all the time. */
    private static final class Common {
        static final Map<Property, CharSet> ALL = make(false);
        static final Map<Property, CharSet> ALL_BUT = make(true);

        private static Map<Property, CharSet> make(boolean negated) {
            return Stream.of(Property.Named.DIGIT, Property.Named.WORD, Property.Named.SPACE)
                    .collect(toUnmodifiableMap(named -> named, named -> with(named, negated)));
        }
    }

    private record Item(Property property, boolean negated) {}

    /** Collects what is in a set. */
    static final class Builder {

        private final List<long[]> ranges = new ArrayList<>();
        private final Set<Item> items = new LinkedHashSet<>();

        /** With a range, the last one being in it. */
        void range(int first, int last) {
            ranges.add(new long[] {first, last});
        }

        /** With a property, or with all that does not have it. */
        void property(Property property, boolean not) {
            items.add(new Item(property, not));
        }

        /** Different properties so far. */
        int properties() {
            return items.size();
        }

        /** All that was collected, in all cases when wanted; or all but that. */
        CharSet build(boolean fold, boolean negated) {
            return new CharSet(merged(), items.toArray(Item[]::new), negated, fold);
        }

        private int[] merged() {
            ranges.sort((a, b) -> Long.compare(a[0], b[0]));
            int[] merged = new int[2 * ranges.size()];
            int size = 0;
            for (long[] range : ranges) {
                if (size > 0 && range[0] <= merged[size - 1] + 1L) {
                    merged[size - 1] = Math.max(merged[size - 1], (int) range[1]);
                } else {
                    merged[size++] = (int) range[0];
                    merged[size++] = (int) range[1];
                }
            }
            return Arrays.copyOf(merged, size);
        }
    }
}
