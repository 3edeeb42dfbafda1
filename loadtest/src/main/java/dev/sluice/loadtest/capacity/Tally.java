package dev.sluice.loadtest.capacity;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was accepted against what completed, by numbers.
 *
 * @param missing  accepted, and not completed
 * @param repeated completed more than once
 * @param strange  completed, and not known to any sender
 * @param unknown  may have been accepted or not
 */
record Tally(int accepted, int completed, long missing, long repeated, long strange, int unknown) {

    static Tally of(BitSet accepted, BitSet unknown, List<Integer> completed) {
        Map<Integer, Integer> counts = new HashMap<>();
        completed.forEach(number -> counts.merge(number, 1, Integer::sum));
        return new Tally(
                accepted.cardinality(),
                completed.size(),
                accepted.stream().filter(number -> !counts.containsKey(number)).count(),
                counts.values().stream().filter(count -> count > 1).count(),
                counts.keySet().stream()
                        .filter(number -> !accepted.get(number) && !unknown.get(number))
                        .count(),
                unknown.cardinality());
    }

    boolean exact() {
        return missing == 0 && repeated == 0 && strange == 0;
    }

    @Override
    public String toString() {
        return "%d accepted, %d completed, %d missing, %d more than once, %d that nobody started, %d unknown to the sender"
                .formatted(accepted, completed, missing, repeated, strange, unknown);
    }
}
