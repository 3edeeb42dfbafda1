package dev.sluice.executor.expression.regex;

/**
 * Instructions and what they refer to; see {@link Op}. Not changed once made.
 *
 * @param z       most characters of BEHIND; for GREEDY and LAZY the one character that must come next, -1 if not known
 * @param mark    for what may be tried again: its number among those, with one more for each state of its loops; else -1
 * @param loops   slots of the loops around that may take nothing: whether they have, at a position, matters to what follows
 * @param marks   how many marks there are
 * @param groups  of the pattern, the whole not counted
 * @param slots   starts and ends of groups, group 0 first, then registers
 * @param regular whether what follows depends on the instruction, the position and the state of loops only, captures aside
 * @param min     fewest characters of a match
 */
@SuppressWarnings("ArrayRecordComponent") // made once, read by the matcher, never compared
record Program(
        int[] op,
        int[] x,
        int[] y,
        int[] z,
        int[] mark,
        int[][] loops,
        int marks,
        CharSet[] sets,
        Node.Place[] places,
        String[] strings,
        int[][] references,
        int groups,
        int slots,
        boolean regular,
        int min) {}
