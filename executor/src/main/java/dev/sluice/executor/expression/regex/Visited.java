package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;
import org.jspecify.annotations.Nullable;

/** Which instruction was tried at which position without success. Memory comes in pages as positions are reached. */
final class Visited {

    /** Of 4 KiB. */
    private static final int PAGE_BITS = 15;

    private static final int PAGE_WORDS = (1 << PAGE_BITS) / 64;
    /** Part of all bytes that an evaluation may use. */
    private static final int SHARE = 8;

    private final long[] @Nullable [] pages;
    private final int marks;
    private final Budget budget;

    private Visited(int pages, int marks, Budget budget) {
        this.pages = new long[pages][];
        this.marks = marks;
        this.budget = budget;
    }

    /** Null where the memory for it would be too much. */
    static @Nullable Visited of(int marks, int positions, Budget budget) {
        long bits = (long) marks * positions;
        if (bits == 0 || bits / 8 > budget.limits().bytes() / SHARE) {
            return null;
        }
        long pages = (bits >> PAGE_BITS) + 1;
        budget.bytes(8 * pages);
        budget.steps(pages / 16);
        return new Visited(Math.toIntExact(pages), marks, budget);
    }

    /** Whether it is tried for the first time. */
    boolean add(int mark, int position) {
        long bit = (long) position * marks + mark;
        int page = (int) (bit >> PAGE_BITS);
        long[] words = pages[page];
        if (words == null) {
            budget.steps(16);
            budget.bytes(PAGE_WORDS * 8L);
            words = new long[PAGE_WORDS];
            pages[page] = words;
        }
        int word = (int) (bit / 64 % PAGE_WORDS);
        long mask = 1L << (bit % 64);
        boolean first = (words[word] & mask) == 0;
        words[word] |= mask;
        return first;
    }
}
