package dev.sluice.executor.expression.regex;

import dev.sluice.executor.expression.limit.Budget;

/** Counts a search's steps, and tells the budget of them in batches; each batch is well under a millisecond. */
final class Meter {

    private static final int BATCH = 128;

    private final Budget budget;
    /** Steps that the budget does not know of. */
    private int ticks;

    private long told;

    Meter(Budget budget) {
        this.budget = budget;
    }

    /** One instruction. */
    void tick() {
        if (++ticks >= BATCH) {
            tell();
        }
    }

    /** Characters or the like that were gone over, sixteen of which are a step. */
    void passed(int count) {
        ticks += count / 16;
        if (ticks >= BATCH) {
            tell();
        }
    }

    /** Tells the budget of all. */
    void tell() {
        budget.steps(ticks);
        told += ticks;
        ticks = 0;
    }

    /** Steps so far, apart from the last batch. */
    long told() {
        return told;
    }

    Budget budget() {
        return budget;
    }
}
