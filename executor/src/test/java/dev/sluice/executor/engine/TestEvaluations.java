package dev.sluice.executor.engine;

import dev.sluice.executor.expression.Allowance;
import reactor.core.scheduler.Schedulers;

/** Threads for evaluations of engines that tests put together. */
public final class TestEvaluations {

    /** Which all tests share. */
    public static final EvaluationThreads SHARED =
            EvaluationThreads.of(Allowance.LIMITS, 2, 1_000, Schedulers.parallel());

    private TestEvaluations() {}
}
