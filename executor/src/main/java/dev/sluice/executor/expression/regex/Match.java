package dev.sluice.executor.expression.regex;

/**
 * Where a pattern matched. Positions are UTF-16 indices and never inside a character of two units. Immutable.
 */
public final class Match {

    private final int[] positions;

    /** With the start and the end of each group in turn, group 0 first. */
    Match(int[] positions) {
        this.positions = positions;
    }

    /** Index of the first unit of a group, 0 being the whole match; -1 when the group took no part. */
    public int start(int group) {
        return positions[2 * group];
    }

    /** Index after the last unit of a group, 0 being the whole match; -1 when the group took no part. */
    public int end(int group) {
        return positions[2 * group + 1];
    }

    /** Groups of the pattern, the whole match not counted. */
    public int groupCount() {
        return positions.length / 2 - 1;
    }
}
