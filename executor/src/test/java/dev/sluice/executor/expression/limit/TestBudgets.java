package dev.sluice.executor.expression.limit;

import java.time.Duration;

/** Budgets for tests. */
public final class TestBudgets {

    private TestBudgets() {}

    /** More than any test uses. */
    public static Budget ample() {
        return of(1L << 40, 1L << 40);
    }

    /** So many steps and bytes; more than enough of all else. */
    public static Budget of(long steps, long bytes) {
        Limits limits = new Limits(steps, bytes, 1_000, 1_000, 1L << 30, 1_000, Duration.ofHours(1));
        return new Budget(limits, () -> false);
    }
}
