package dev.sluice.executor.engine;

import dev.sluice.executor.expression.Allowance;
import reactor.core.scheduler.Schedulers;

/** Evaluations for engines that tests put together. */
public final class TestEvaluations {

    /** With threads that all tests share. */
    public static final Evaluations SHARED = Evaluations.of(Allowance.LIMITS, 2, 1_000, Schedulers.parallel());

    private TestEvaluations() {}
}
