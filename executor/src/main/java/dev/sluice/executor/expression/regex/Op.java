package dev.sluice.executor.expression.regex;

/** Instructions, with what their operands x and y are. All but jumps go on with the next one. */
final class Op {

    /** x: a character. */
    static final int CHARACTER = 0;
    /** x: a string. */
    static final int STRING = 1;
    /** x: a set of characters. */
    static final int SET = 2;
    /** As many of the set x as there are, up to y; gives them back one by one. */
    static final int GREEDY = 3;
    /** None of the set x, then one by one up to y. */
    static final int LAZY = 4;
    /** As many of the set x as there are, up to y. */
    static final int POSSESSIVE = 5;
    /** y of the set x. */
    static final int EXACTLY = 6;
    /** Goes on at x, or else at y. */
    static final int SPLIT = 7;
    /** Goes on at x. */
    static final int JUMP = 8;
    /** The position into the slot x. */
    static final int SAVE = 9;
    /** Goes on at y if the slot x has this position: the loop went round and took nothing. */
    static final int LOOP_END = 10;
    /** x: a place. */
    static final int AT = 11;
    /** x: the list of groups; y: 1 to ignore case. */
    static final int REFERENCE = 12;
    /** What \R takes. */
    static final int NEWLINE = 13;
    /** What is to be tried from here is noted in the slot x. */
    static final int HOLD = 14;
    /** Forgets what there is to try since the slot x. */
    static final int CUT = 15;
    /** Forgets what there is to try since the slot x + 1, and goes back to the position in the slot x. */
    static final int LOOK_END = 16;
    /** HOLD for the slot x, with y to go on at when all fails from here. */
    static final int UNLESS = 17;
    /** Fails with all since the slot x, its y too. */
    static final int UNLESS_END = 18;
    /** Goes back y characters, then one more each time it fails, up to z; the position and HOLD go to x and x + 1. */
    static final int BEHIND = 19;
    /** LOOK_END, if the position is that in the slot x. */
    static final int BEHIND_END = 20;
    /** The match is found. */
    static final int MATCH = 21;

    private Op() {}
}
